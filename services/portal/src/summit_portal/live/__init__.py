"""Facts as they come: one reader of the stream SUMMIT for all who watch."""
