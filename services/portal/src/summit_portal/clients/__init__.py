"""The other services, asked with the person's own token."""
