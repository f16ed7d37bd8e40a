"""Time frames of promises in the language that is being spoken."""

from collections.abc import Callable
from datetime import date
from functools import reduce
from typing import assert_never

from summit_contracts.quantities import By, Lasting, Open, Recurring, Span, Timeline, Window
from summit_notifications.letters.figures import Write, number
from summit_notifications.letters.speech import gettext, ngettext

Day = Callable[[date], str]
"""Tells a date in words."""


def timeline(said: Timeline, day: Day, write: Write) -> str:
    """When it is to be, for how long and how often; nothing where only words can say it."""
    match said:
        case By():
            return write(gettext("by %(date)s"), date=day(said.by_on))
        case Window():
            return _stretch(said.start_on, said.end_on, day, write)
        case Lasting():
            within = _within(said.earliest_on, said.latest_on, day, write)
            return _together(write, _span(said.lasting), within)
        case Recurring():
            often = write(gettext("at intervals of %(span)s"), span=_span(said.every))
            each = write(gettext("%(span)s each time"), span=_span(said.lasting)) if said.lasting else ""
            return _together(write, often, each, _stretch(said.start_on, said.end_on, day, write))
        case Open():
            return ""
        case _:
            assert_never(said)


def _stretch(start: date | None, end: date | None, day: Day, write: Write) -> str:
    """From the first day to the last; nothing where neither is said."""
    if start and end:
        return write(gettext("from %(start)s to %(end)s"), start=day(start), end=day(end))
    if start:
        return write(gettext("from %(date)s"), date=day(start))
    return write(gettext("until %(date)s"), date=day(end)) if end else ""


def _within(earliest: date | None, latest: date | None, day: Day, write: Write) -> str:
    """The days outside which no part of it lies; nothing where neither is said."""
    if earliest and latest:
        return write(gettext("between %(start)s and %(end)s"), start=day(earliest), end=day(latest))
    if earliest:
        return write(gettext("not before %(date)s"), date=day(earliest))
    return write(gettext("not after %(date)s"), date=day(latest)) if latest else ""


def _together(write: Write, *parts: str) -> str:
    """What is said of one time frame; parts of which nothing is said are left out."""
    message = gettext("%(first)s, %(then)s")
    return reduce(lambda first, then: write(message, first=first, then=then), filter(None, parts))


def _span(span: Span) -> str:
    count = span.count
    match span.unit:
        case "day":
            told = ngettext("%(num)s day", "%(num)s days", count)
        case "week":
            told = ngettext("%(num)s week", "%(num)s weeks", count)
        case "month":
            told = ngettext("%(num)s month", "%(num)s months", count)
        case _:
            told = ngettext("%(num)s year", "%(num)s years", count)
    return told % {"num": number(count)}
