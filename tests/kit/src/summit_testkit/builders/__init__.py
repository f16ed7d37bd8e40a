"""Values that tests start from, with nothing in them that a test does not care about."""
