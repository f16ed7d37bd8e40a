"""Names, dates and numbers in the language that is being spoken; templates call these tools by name.

States are named as the United Nations names them. Times are told in words: the date, the hour and whose time that is.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, get_timezone_location
from markupsafe import Markup

from summit_chassis import speech
from summit_chassis.speech import locale_of, spoken
from summit_contracts import reference
from summit_contracts.values import Language
from summit_portal.shell import figures, refusals, vocabulary
from summit_portal.shell.speech import gettext


def state(code: str) -> Markup:
    """The name as it stands in a list; the code where the tables have none."""
    return Markup("<bdi>{}</bdi>").format(plain_state(code))


def plain_state(code: str) -> str:
    """The same without markup: for titles, choices and files."""
    try:
        return reference.name(code, spoken())
    except reference.UnknownInvitee:
        return code


def in_order(codes: Any) -> list[str]:
    """The codes as the United Nations lists their names in this language; unknown ones last."""
    known = reference.invitees()
    return sorted(
        codes,
        key=lambda code: (code not in known, reference.sort_key(code, spoken()) if code in known else code),
    )


def day(on: date) -> Markup:
    """The date in words."""
    said = format_date(on, "long", locale=locale_of(spoken()))
    return Markup('<time datetime="{}">{}</time>').format(on.isoformat(), said)


def weekday(on: date) -> Markup:
    """The date in words with the day of the week."""
    return Markup('<time datetime="{}">{}</time>').format(on.isoformat(), plain_weekday(on))


def plain_weekday(on: date) -> str:
    """The same without markup."""
    return format_date(on, "full", locale=locale_of(spoken()))


def moment(at: datetime, time_zone: str) -> Markup:
    """Date and time of day where the summit is held, and whose time that is."""
    local = at.astimezone(ZoneInfo(time_zone))
    return Markup('<time datetime="{}">{}</time>').format(local.isoformat(), plain_moment(at, time_zone))


def plain_moment(at: datetime, time_zone: str) -> str:
    """The same without markup."""
    local = at.astimezone(ZoneInfo(time_zone))
    return gettext("%(date)s at %(time)s (%(zone)s)") % {
        "date": format_date(local.date(), "long", locale=locale_of(spoken())),
        "time": f"{local:%H:%M}",
        "zone": zone(time_zone),
    }


def clock(at: datetime, time_zone: str) -> Markup:
    """The time of day where the summit is held."""
    local = at.astimezone(ZoneInfo(time_zone))
    return Markup('<time datetime="{}" dir="ltr">{}</time>').format(local.isoformat(), f"{local:%H:%M}")


def zone(time_zone: str) -> str:
    """Whose time it is, by a city: abbreviations are understood by few."""
    city = get_timezone_location(ZoneInfo(time_zone), locale_of(spoken()), return_city=True)
    return gettext("%(city)s time") % {"city": city}


def language_name(language: str) -> str:
    """What the language of that code is called in the one that is being spoken."""
    return speech.language_name(Language(language))


def at(name: str, *parts: object) -> str:
    """The address of a page in this language: `at("console", "letters")`."""
    return "/".join(["", spoken().value, name, *(str(part) for part in parts)]).rstrip("/")


TOOLS: Final[Mapping[str, Any]] = {
    "state": state,
    "plain_state": plain_state,
    "in_order": in_order,
    "day": day,
    "weekday": weekday,
    "moment": moment,
    "instant": datetime.fromisoformat,
    "clock": clock,
    "zone": zone,
    "number": figures.number,
    "quantity": figures.quantity,
    "amount": figures.amount,
    "money": figures.money,
    "timeline": figures.timeline,
    "called": vocabulary.called,
    "meaning": refusals.meaning,
    "language_name": language_name,
    "term": speech.taxonomy_term,
    "at": at,
}
