"""What scheduling decides: bilaterals, availability, the grid of slots and rooms, and the timetable. Pure."""
