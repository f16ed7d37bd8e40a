"""The house rules as functions over files, so that a test can hold the house to them, and hold them to planted faults."""
