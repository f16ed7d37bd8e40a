"""Registration's rows: how its aggregates are kept in PostgreSQL."""
