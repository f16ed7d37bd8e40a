"""What registration hears from other services: nothing yet; it speaks first."""
