"""How a fact is brought to a receiver, and to nobody inside."""
