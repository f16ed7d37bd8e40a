"""The secretariat's console: what each desk decides on, and what it needs to see for that."""
