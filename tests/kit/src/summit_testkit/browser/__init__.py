"""A real browser: made ready, started, and asked what a person would notice."""
