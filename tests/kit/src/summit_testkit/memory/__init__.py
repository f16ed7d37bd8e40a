"""Ports kept in memory; the conformance suite proves that they behave as the real ones."""
