"""Rows of pledges: how its aggregates are kept in PostgreSQL."""
