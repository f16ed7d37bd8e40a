"""What notifications decides: which letter a fact calls for, to whom, and what becomes of its delivery. Pure."""
