"""The console on one page: what it offers, in the order in which addresses are compared."""

from collections.abc import Sequence

from fastapi import APIRouter

from summit_portal.pages.console import (
    dead_letters,
    home,
    letters,
    meetings,
    pledges,
    registrations,
    sign_in,
    solves,
    timetable,
    walk_ins,
    what_ifs,
)

CONSOLE: Sequence[APIRouter] = (
    sign_in.router,
    sign_in.pages,
    dead_letters.router,
    registrations.router,
    letters.router,
    pledges.router,
    timetable.router,
    solves.router,
    what_ifs.router,
    walk_ins.router,
    meetings.router,
    home.router,
)
"""Every router of the console; the ones with a summit's name in the address come last."""
