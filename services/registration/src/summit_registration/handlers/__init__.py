"""What can be asked of registration: one file per use case, and `queries` for reading."""
