"""The use cases of webhooks, one file each."""
