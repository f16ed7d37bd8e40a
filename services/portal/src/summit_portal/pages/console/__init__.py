"""The secretariat's console."""
