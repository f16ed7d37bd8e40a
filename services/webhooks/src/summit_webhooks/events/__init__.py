"""What webhooks hears: every public fact."""
