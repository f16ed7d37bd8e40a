"""Rows: the tables of the read model, and their migrations."""
