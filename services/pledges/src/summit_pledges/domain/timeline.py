"""Timelines in the words of a register, read into dates where they say any, and written again.

The words are kept whatever they mean, so reading loses nothing: what no rule understands is open, with its words. The rules
know the phrases of the published pledges of 2014 to 2025 and the plain phrases that `write_timeline` makes.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from typing import Final, Literal, cast

from summit_contracts.quantities import By, Lasting, Open, Recurring, Span, Timeline, Window

_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_NUMBER_WORDS: Final = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_NUMBERS: Final = {word: number for number, word in enumerate(_NUMBER_WORDS, start=1)}
_UNITS: Final = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}

_N: Final = rf"(?P<count>\d{{1,4}}|{'|'.join(_NUMBERS)})"
_UNIT: Final = r"(?P<unit>day|week|month|year)s?"
_YEAR: Final = r"(?P<year>[12]\d{3})"
_DAY: Final = r"\d{4}-\d\d-\d\d"


def read_timeline(words: str) -> Timeline:
    """What the words say about dates; they are kept with it. Empty words are open without words."""
    if not words:
        return Open()
    for pattern, rule in _RULES:
        if match := pattern.fullmatch(words):
            try:
                return rule(match, words)
            except (
                ValueError
            ):  # a phrase like a date that is none, or an end before its start: the words alone stand
                break
    return Open(words=words)


def write_timeline(timeline: Timeline) -> str:
    """The words of the timeline, or a plain phrase that `read_timeline` understands the same where it has none."""
    if timeline.words is not None:
        return timeline.words
    match timeline:
        case By():
            return f"by {timeline.by_on}"
        case Window():
            return _limits(timeline.start_on, timeline.end_on)
        case Lasting():
            limits = _limits(timeline.earliest_on, timeline.latest_on)
            return f"{_span_text(timeline.lasting)} {limits}".strip()
        case Recurring():
            each = f", {_span_text(timeline.lasting)} each" if timeline.lasting else ""
            limits = _limits(timeline.start_on, timeline.end_on)
            return f"every {_span_text(timeline.every)}{each}{', ' if limits else ''}{limits}"
        case _:
            return ""


def _limits(start_on: date | None, end_on: date | None) -> str:
    parts = (f"from {start_on}" if start_on else "", f"until {end_on}" if end_on else "")
    return " ".join(part for part in parts if part)


def _span_text(span: Span) -> str:
    return f"{span.count} {span.unit}{'s' if span.count > 1 else ''}"


def _span(count: str | None, unit: str) -> Span:
    number = _NUMBERS.get((count or "one").lower()) or int(count or 1)
    return Span(count=number, unit=cast("Literal['day', 'week', 'month', 'year']", unit.lower()))


def _first(year: int) -> date:
    return date(year, 1, 1)


def _last(year: int) -> date:
    return date(year, 12, 31)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _by(match: re.Match[str], words: str) -> Timeline:
    return By(by_on=date.fromisoformat(match["day"]), words=words)


def _later_in(match: re.Match[str], words: str) -> Timeline:
    return By(by_on=_last(int(match["year"])), words=words)


def _within_year(match: re.Match[str], words: str) -> Timeline:
    year = int(match["year"])
    return Window(start_on=_first(year), end_on=_last(year), words=words)


def _until_end_of(match: re.Match[str], words: str) -> Timeline:
    year = int(match["year"])
    if match["count"]:
        year += _span(match["count"], "year").count
    return Window(end_on=_last(year), words=words)


def _lasting(match: re.Match[str], words: str) -> Timeline:
    return Lasting(lasting=_span(match["count"], match["unit"]), words=words)


def _lasting_in_year(match: re.Match[str], words: str) -> Timeline:
    year = int(match["year"])
    span = _span(match["count"], match["unit"])
    return Lasting(lasting=span, earliest_on=_first(year), latest_on=_last(year), words=words)


def _lasting_from_month(match: re.Match[str], words: str) -> Timeline:
    month = _MONTHS.index(match["month"].lower()) + 1
    start_on = date(int(match["year"]), month, 1)
    return Lasting(lasting=_span(match["count"], match["unit"]), earliest_on=start_on, words=words)


def _within_month(match: re.Match[str], words: str) -> Timeline:
    year, month = int(match["year"]), _MONTHS.index(match["month"].lower()) + 1
    return Window(
        start_on=date(year, month, 1), end_on=date(year, month, monthrange(year, month)[1]), words=words
    )


def _window(match: re.Match[str], words: str) -> Timeline:
    return Window(start_on=_day(match["start"]), end_on=_day(match["end"]), words=words)


def _lasting_between(match: re.Match[str], words: str) -> Timeline:
    span = _span(match["count"], match["unit"])
    return Lasting(lasting=span, earliest_on=_day(match["start"]), latest_on=_day(match["end"]), words=words)


def _regularly(match: re.Match[str], words: str) -> Timeline:
    each = _span(match["count"], match["unit"]) if match["unit"] else None
    return Recurring(every=Span(count=1, unit=_period(match["rhythm"])), lasting=each, words=words)


def _every(match: re.Match[str], words: str) -> Timeline:
    each = _span(match["count"], match["unit"]) if match["unit"] else None
    every = _span(match["every"], match["period"])
    return Recurring(
        every=every, lasting=each, start_on=_day(match["start"]), end_on=_day(match["end"]), words=words
    )


def _period(rhythm: str) -> Literal["day", "week", "month", "year"]:
    return cast("Literal['day', 'week', 'month', 'year']", _UNITS[rhythm.lower()])


_START: Final = rf"from (?P<start>{_DAY})"
_END: Final = rf"until (?P<end>{_DAY})"
_LIMITS: Final = rf"(?:{_START})?(?:(?<=\d) )?(?:{_END})?"
_MONTH: Final = rf"(?P<month>{'|'.join(_MONTHS)})"

_EVERY: Final = (
    rf"every (?:(?P<every>\d{{1,4}}|{'|'.join(_NUMBERS)}) )?(?P<period>day|week|month|year)s?"
    rf"(?:, {_N} {_UNIT} each)?(?:, (?=from|until){_LIMITS})?"
)

_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Timeline]], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE | re.ASCII), rule)
    for pattern, rule in (
        (rf"by (?P<day>{_DAY})", _by),
        (rf"(?:later|before the end|by the end) (?:in|of) {_YEAR}", _later_in),
        (rf"(?:in |pilot in |during )?{_YEAR}", _within_year),
        (rf"(?:in )?{_MONTH} {_YEAR}", _within_month),
        (rf"until (?:the )?end of {_YEAR}(?:, then {_N} more years?)?", _until_end_of),
        (rf"(?:a further )?{_N} {_UNIT}", _lasting),
        (rf"{_N} {_UNIT} in {_YEAR}", _lasting_in_year),
        (rf"{_N} {_UNIT} from {_MONTH} {_YEAR}", _lasting_from_month),
        (rf"{_N} {_UNIT} (?=from|until){_LIMITS}", _lasting_between),
        (rf"(?=from|until){_LIMITS}", _window),
        (rf"(?P<rhythm>{'|'.join(_UNITS)})(?:, {_N} {_UNIT})?", _regularly),
        (_EVERY, _every),
    )
)
