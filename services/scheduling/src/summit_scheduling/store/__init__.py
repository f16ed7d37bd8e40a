"""Rows of scheduling: how its aggregates are kept in PostgreSQL."""
