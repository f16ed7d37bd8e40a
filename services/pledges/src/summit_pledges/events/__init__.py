"""What pledges hears from other services."""
