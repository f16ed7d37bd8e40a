"""What a delegation works with: its standing, its form, its meetings, its letters."""
