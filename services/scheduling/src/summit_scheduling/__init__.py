"""Bilateral meetings: requests, answers, availability and the numbered timetable."""
