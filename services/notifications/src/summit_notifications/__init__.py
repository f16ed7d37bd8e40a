"""Notifications: what is said to whom, in which language, and whether it arrived."""
