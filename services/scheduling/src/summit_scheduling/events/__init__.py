"""What scheduling hears from other services."""
