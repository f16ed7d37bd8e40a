"""Pens: how names, dates and other people's words stand in a text and in HTML, in the language that is being spoken.

Whatever somebody else wrote, or runs in another direction, is isolated, so that it cannot turn the line around it: with
`<bdi>` in HTML, and in text with Unicode's isolates where the direction could change. Source: UAX #9, sections 2.4 and 6.3.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location
from markupsafe import Markup

from summit_chassis import speech
from summit_chassis.speech import direction, locale_of, spoken
from summit_contracts.quantities import Timeline
from summit_contracts.reference import UnknownInvitee, name
from summit_contracts.registration import MemberSummary
from summit_contracts.values import Language, Money
from summit_notifications.letters import figures, times
from summit_notifications.letters.speech import gettext
from summit_notifications.letters.vocabulary import term

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SEPARATORS = {Language.ARABIC: "؛ ", Language.CHINESE: "；"}


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes for one edition, into a text or into HTML."""

    is_html: bool
    time_zone: str

    def tools(self) -> Mapping[str, Callable[..., Any]]:
        """What a letter's template may call, by name."""
        return {
            "state": self.state,
            "states": self.states,
            "day": self.day,
            "days": self.days,
            "moment": self.moment,
            "moments": self.moments,
            "span": self.span,
            "zone": self.zone,
            "words": self.words,
            "lines": self.lines,
            "term": term,
            "terms": self.terms,
            "taxonomy_term": self.taxonomy_term,
            "language_name": self.language_name,
            "quantity": self.quantity,
            "amount": self.amount,
            "timeline": self.timeline,
            "change_value": self.change_value,
            "members": self.members,
            "asks": self.asks,
            "money": self.money,
        }

    def isolated(self, text: str) -> str:
        """The text on one line, unable to turn what stands around it."""
        still = unturned(text)
        if self.is_html:
            return Markup("<bdi>{}</bdi>").format(still)
        if direction(spoken()) == "ltr" and not any(map(_is_right_to_left, still)):
            return still
        return f"{_FIRST_STRONG_ISOLATE}{still}{_POP_ISOLATE}"

    def words(self, text: str | None) -> str | None:
        """Somebody's own words, on one line; none where there are none."""
        return None if text is None else self.isolated(text)

    def lines(self, text: str) -> list[str]:
        """Somebody's own words, line by line."""
        return [self.isolated(line) for line in text.splitlines() if line.strip()]

    def state(self, code: str) -> str:
        """The name of a State or organisation as the United Nations lists it; the code where the tables have none."""
        try:
            return self.isolated(name(code, spoken()))
        except UnknownInvitee:
            return self.isolated(code)

    def states(self, codes: Iterable[str]) -> str:
        """Several names; without an "and", which in some languages depends on the name that follows."""
        return self._listed(self.state(code) for code in codes)

    def terms(self, vocabulary: str, codes: Iterable[str]) -> str:
        """What several codes are called."""
        return self._listed(term(vocabulary, code) for code in codes)

    def day(self, on: date) -> str:
        """The date in words; numbers alone are read in different orders."""
        return self.isolated(format_date(on, "long", locale=locale_of(spoken())))

    def days(self, dates: Iterable[date]) -> str:
        """Several dates."""
        return self._listed(self.day(on) for on in sorted(dates))

    def moment(self, at: datetime) -> str:
        """Date and time of day where the summit is held, and whose time that is."""
        local = at.astimezone(ZoneInfo(self.time_zone))
        return self._plain(
            gettext("%(date)s at %(time)s (%(zone)s)"),
            date=self.day(local.date()),
            time=self._time(local),
            zone=self.zone(),
        )

    def moments(self, instants: Iterable[datetime]) -> str:
        """Several moments."""
        return self._listed(self.moment(at) for at in sorted(instants))

    def span(self, start_at: datetime, end_at: datetime) -> str:
        """Date, begin and end where the summit is held."""
        zone = ZoneInfo(self.time_zone)
        start, end = start_at.astimezone(zone), end_at.astimezone(zone)
        return self._plain(
            gettext("%(date)s, from %(start)s to %(end)s"),
            date=self.day(start.date()),
            start=self._time(start),
            end=self._time(end),
        )

    def zone(self) -> str:
        """Whose time it is, by a city: abbreviations and offsets are understood by few and written differently by all."""
        city = get_timezone_location(ZoneInfo(self.time_zone), locale_of(spoken()), return_city=True)
        return self._plain(gettext("%(city)s time"), city=city)

    def language_name(self, language: Language) -> str:
        """What the language is called in the one that is being spoken."""
        return speech.language_name(language)

    def taxonomy_term(self, vocabulary: str, code: str) -> str:
        """What a code of the capability taxonomy is called; plain words where a newer publisher wrote it."""
        return self.isolated(speech.taxonomy_term(vocabulary, code))

    def quantity(self, quantity: figures.Counted) -> str:
        """How many of what."""
        number = figures.quantity(quantity, self._plain)
        unit = getattr(quantity, "unit", None)
        if unit is None:
            return number
        return self._plain(
            gettext("%(number)s (%(unit)s)"), number=number, unit=self.taxonomy_term("unit", unit)
        )

    def money(self, money: Money) -> str:
        """A sum of money."""
        return self.isolated(figures.money(money))

    def amount(self, amount: figures.Paid) -> str:
        """How much money is promised."""
        return figures.amount(amount, self.money, self._plain)

    def timeline(self, timeline: Timeline) -> str:
        """By when, from when to when, for how long or how often; else in the words of whoever promised."""
        told = times.timeline(timeline, self.day, self._plain)
        return told or self.words(timeline.words) or gettext("not stated")

    def change_value(self, field: str, value: str | None) -> str | None:
        """The value of a changed field as a person reads it; none where there is none."""
        if value is None:
            return None
        match field:
            case "rank" | "function" | "accreditation":
                return term(field, value)
            case "arrives_on" | "leaves_on":
                return self.day(date.fromisoformat(value))
            case "language":
                return self.language_name(Language(value))
            case _:
                return self.isolated(value)

    def members(self, members: Iterable[MemberSummary]) -> list[str]:
        """One line for each member; names are personal and stand in no fact."""
        return [
            self._plain(
                gettext("%(function)s: %(rank)s. %(accreditation)s."),
                function=term("function", one.function),
                rank=term("rank", one.rank),
                accreditation=term("accreditation", one.accreditation),
            )
            for one in members
        ]

    def asks(self, codes: Iterable[str]) -> list[str]:
        """What the secretariat asks about a pledge, one line each."""
        return [self.taxonomy_term("ask", code) for code in codes]

    def _time(self, at: datetime) -> str:
        return self.isolated(f"{at:%H:%M}")

    def _listed(self, written: Iterable[str]) -> str:
        separator = _SEPARATORS.get(spoken(), "; ")
        return Markup(separator).join(written) if self.is_html else separator.join(written)  # noqa: S704  the separator is ours, what it joins is escaped

    def _plain(self, message: str, **values: str) -> str:
        return Markup(message) % values if self.is_html else message % values  # noqa: S704  messages hold no markup: checked


def unturned(text: str) -> str:
    """The text on one line and without characters that turn the direction of writing."""
    return " ".join("".join(one for one in text if one not in _TURNS).split())


def _is_right_to_left(character: str) -> bool:
    return unicodedata.bidirectional(character) in ("R", "AL", "AN")
