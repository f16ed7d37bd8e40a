"""Checks a timetable from its plan file alone; imports nothing but the standard library, and nothing of what made the plan."""
