"""What the portal hears."""
