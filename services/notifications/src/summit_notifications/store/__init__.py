"""Rows of notifications: what was heard, the letters, and how far each has come."""
