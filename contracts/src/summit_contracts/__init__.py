"""The published language of Summit: what happened, in words that every system can read."""
