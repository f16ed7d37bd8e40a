"""Needs, pledges and compacts: what UN Police requires, what is promised, and what came of it."""
