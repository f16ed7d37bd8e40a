"""The workspace of a delegation."""
