"""Quantities, amounts and times of promises in the language that is being spoken, with their uncertainty."""

from datetime import date
from decimal import Decimal
from functools import reduce
from typing import assert_never

from babel.dates import format_date
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from summit_chassis.speech import locale_of, spoken, taxonomy_term
from summit_contracts import quantities as q
from summit_contracts.currencies import decimals_of
from summit_contracts.values import Money
from summit_portal.shell.speech import gettext, ngettext

Counted = q.Exact | q.UpTo | q.Range | q.AtLeast | q.Percent | q.NoneGiven
Paid = q.ExactAmount | q.UpToAmount | q.RangeAmount | q.AtLeastAmount
When = q.By | q.Window | q.Lasting | q.Recurring | q.Open


def number(value: float) -> str:
    """The number with the separators of this language."""
    return format_decimal(value, locale=locale_of(spoken()))


def quantity(said: Counted) -> str:
    """How many of what."""
    told = _quantity(said)
    unit = getattr(said, "unit", None)
    if unit is None:
        return told
    return gettext("%(number)s (%(unit)s)") % {"number": told, "unit": taxonomy_term("unit", unit)}


def _quantity(said: Counted) -> str:
    match said:
        case q.Exact():
            return _about(number(said.count), is_so=said.is_approximate)
        case q.UpTo():
            return gettext("up to %(number)s") % {"number": number(said.maximum)}
        case q.Range():
            return _between(number(said.minimum), number(said.maximum))
        case q.AtLeast():
            return _at_least(number(said.minimum), is_more=said.is_exceeded)
        case q.Percent():
            share = gettext("%(number)s per cent") % {"number": number(said.basis_points / 100)}
            return _about(share, is_so=said.is_approximate)
        case q.NoneGiven():
            return gettext("not stated")
        case _:
            assert_never(said)


def amount(said: Paid) -> str:
    """How much money."""
    match said:
        case q.ExactAmount():
            return money(said.money)
        case q.UpToAmount():
            return gettext("up to %(number)s") % {"number": money(said.maximum)}
        case q.RangeAmount():
            return _between(money(said.minimum), money(said.maximum))
        case q.AtLeastAmount():
            return _at_least(money(said.minimum), is_more=said.is_exceeded)
        case _:
            assert_never(said)


def money(sum_: Money) -> str:
    """The sum with its currency's code, which is the same in every language."""
    places = decimals_of(sum_.currency)
    value = Decimal(sum_.amount_minor).scaleb(-places)
    pattern = f"#,##0.{'0' * places}".rstrip(".")
    return f"{format_decimal(value, format=pattern, locale=locale_of(spoken()))} {sum_.currency}"


def timeline(said: When, language: str) -> Markup:
    """By when, from when to when, for how long or how often; the promiser's own words, in that language, where there are any."""
    told = _timeline(said)
    words = Markup('<bdi lang="{}">{}</bdi>').format(language, said.words) if said.words else None
    if told and words:
        return Markup("{} · {}").format(told, words)
    return escape(told) if told else words or escape(gettext("not stated"))


def _timeline(said: When) -> str:
    match said:
        case q.By():
            return gettext("by %(date)s") % {"date": _day(said.by_on)}
        case q.Window():
            return _stretch(said.start_on, said.end_on)
        case q.Lasting():
            return _together(_span(said.lasting), _within(said.earliest_on, said.latest_on))
        case q.Recurring():
            often = gettext("at intervals of %(span)s") % {"span": _span(said.every)}
            each = gettext("%(span)s each time") % {"span": _span(said.lasting)} if said.lasting else ""
            return _together(often, each, _stretch(said.start_on, said.end_on))
        case q.Open():
            return ""
        case _:
            assert_never(said)


def _stretch(start: date | None, end: date | None) -> str:
    """From the first day to the last; nothing where neither is said."""
    if start and end:
        return gettext("from %(start)s to %(end)s") % {"start": _day(start), "end": _day(end)}
    if start:
        return gettext("from %(date)s") % {"date": _day(start)}
    return gettext("until %(date)s") % {"date": _day(end)} if end else ""


def _within(earliest: date | None, latest: date | None) -> str:
    """The days outside which no part of it lies; nothing where neither is said."""
    if earliest and latest:
        return gettext("between %(start)s and %(end)s") % {"start": _day(earliest), "end": _day(latest)}
    if earliest:
        return gettext("not before %(date)s") % {"date": _day(earliest)}
    return gettext("not after %(date)s") % {"date": _day(latest)} if latest else ""


def _together(*parts: str) -> str:
    """What is said of one time frame; parts of which nothing is said are left out."""
    said = filter(None, parts)
    return reduce(lambda first, then: gettext("%(first)s, %(then)s") % {"first": first, "then": then}, said)


def _span(span: q.Span) -> str:
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


def _day(on: date) -> str:
    return format_date(on, "long", locale=locale_of(spoken()))


def _about(said: str, *, is_so: bool) -> str:
    return gettext("about %(number)s") % {"number": said} if is_so else said


def _between(least: str, most: str) -> str:
    return gettext("%(least)s to %(most)s") % {"least": least, "most": most}


def _at_least(least: str, *, is_more: bool) -> str:
    message = gettext("more than %(number)s") if is_more else gettext("at least %(number)s")
    return message % {"number": least}
