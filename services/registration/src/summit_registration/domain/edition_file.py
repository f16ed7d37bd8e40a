"""An edition file read: one summit as data, or every fault in it with its line.

The file is TOML and has the keys of the contract's `Edition`, with two differences that spare the organiser work: a moment
may be local, and is then read in the edition's zone; `invitees` names groups, codes and languages (`InviteeLists`) instead
of one row for each.
"""

import re
import tomllib
from datetime import UTC, datetime
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from summit_contracts.editions import (
    Calendar,
    Cap,
    Day,
    Deadlines,
    Edition,
    Obligation,
    Quota,
    Resource,
    Room,
    Slots,
    TurnRound,
)
from summit_contracts.values import EditionId, Language, ShortText, Value, time_zones
from summit_registration.domain.edition_invitees import InviteeLists, invited, misplaced_codes
from summit_registration.domain.edition_rules import Parts, broken_rules
from summit_registration.domain.edition_shape import (
    Misfit,
    beyond_bounds,
    misfits,
    unknown_keys,
    wrong_kind,
)
from summit_registration.domain.errors.editions import EditionFault, EditionFileInvalid
from summit_registration.domain.spelling import did_you_mean
from summit_registration.domain.toml_lines import Path, lines_of

V = TypeVar("V", bound=BaseModel)

LARGEST: Final = 1_000_000
"""Characters in the largest file that is read; a real one has some 10,000."""

_SECTIONS: Final = (
    "slots",
    "deadlines",
    "days",
    "rooms",
    "quotas",
    "invitees",
    "obligations",
    "resources",
    "turn_round",
    "caps",
    "calendars",
)
_LONG_NUMBER: Final = re.compile(r"[0-9][0-9_]{4000,}")
_PLACE: Final = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


class Head(Value):
    """What a file says before its first table; bounds are the contract's."""

    edition_id: EditionId
    title: ShortText
    place: ShortText
    time_zone: str
    languages: tuple[Language, ...]
    fallback_language: Language
    wishes_per_delegation: int = Edition.model_fields["wishes_per_delegation"].default
    freeze_minutes: int = Edition.model_fields["freeze_minutes"].default


def read(text: str) -> Edition:
    """The edition that the text describes.

    Raises:
        EditionFileInvalid: it has faults; all that can be told apart are listed, in the order of their lines.
    """
    try:
        reading = _Reading(text)
        edition = reading.edition()
    except RecursionError:
        fault = EditionFault(
            1, "", "The file is nested too deeply.", "An edition needs no more than five levels."
        )
        raise EditionFileInvalid([fault]) from None
    if edition is None:
        raise EditionFileInvalid(sorted(reading.faults, key=lambda fault: fault.line))
    return edition


class _Reading:
    def __init__(self, text: str) -> None:
        document = _parsed(text)
        self.faults: list[EditionFault] = []
        self._lines = lines_of(text)
        self._zone = self._time_zone(document.get("time_zone"))
        self._document: dict[str, Any] = self._in_zone(document, ())

    def edition(self) -> Edition | None:
        """The edition, or none where there is any fault."""
        self._note(*unknown_keys(self._document, [*Head.model_fields, *_SECTIONS], ()))
        head = self._part(
            Head, {key: self._document[key] for key in Head.model_fields if key in self._document}, ()
        )
        lists = self._table(InviteeLists, "invitees")
        parts = self._parts(head, lists)
        self._note(*broken_rules(parts))
        if self.faults or head is None:
            return None
        whole = head.model_dump() | {
            "slots": parts.slots,
            "deadlines": parts.deadlines,
            "days": sorted(parts.days.values(), key=lambda day: day.on),
            "rooms": tuple(parts.rooms.values()),
            "quotas": tuple(parts.quotas.values()),
            "obligations": tuple(parts.obligations.values()),
            "resources": tuple(parts.resources.values()),
            "turn_round": tuple(sorted(parts.turn_round.values(), key=lambda one: one.level.precedence)),
            "caps": tuple(parts.caps.values()),
            "calendars": tuple(parts.calendars.values()),
            "invitees": parts.invitees,
        }
        return self._part(Edition, whole, (), are_kinds_known=True)

    def _parts(self, head: Head | None, lists: InviteeLists | None) -> Parts:
        if lists is not None:
            self._note(*misplaced_codes(lists, ("invitees",)))
        days = self._list(Day, "days", at_least_one=True)
        return Parts(
            zone=self._zone,
            languages=head.languages if head else (),
            fallback_language=head.fallback_language if head else None,
            slots=self._table(Slots, "slots"),
            deadlines=self._table(Deadlines, "deadlines"),
            days=days,
            rooms=self._list(Room, "rooms"),
            quotas=self._list(Quota, "quotas", at_least_one=True),
            obligations=self._list(Obligation, "obligations"),
            resources=self._list(Resource, "resources"),
            turn_round=self._list(TurnRound, "turn_round"),
            caps=self._list(Cap, "caps"),
            calendars=self._list(Calendar, "calendars"),
            invitees=invited(lists, head.fallback_language) if head and lists else (),
            are_days_complete=len(days) == len(self._document.get("days", ())),
            are_invitees_complete=head is not None and lists is not None,
        )

    def _table(self, shape: type[V], key: str) -> V | None:
        if key not in self._document:
            self._note(Misfit((key,), "this table is missing.", f"Add [{key}]."))
            return None
        return self._part(shape, self._document[key], (key,))

    def _list(self, shape: type[V], key: str, *, at_least_one: bool = False) -> dict[int, V]:
        rows = self._document.get(key, [])
        if not isinstance(rows, list):
            self._note(wrong_kind(list, rows, (key,)))
            return {}
        if at_least_one and not rows:
            self._note(Misfit((key,), "there is none.", f"Add [[{key}]]."))
        parts = ((position, self._part(shape, row, (key, position))) for position, row in enumerate(rows))
        return {position: part for position, part in parts if part is not None}

    def _part(self, shape: type[V], value: Any, path: Path, *, are_kinds_known: bool = False) -> V | None:
        wrong = [] if are_kinds_known else list(misfits(shape, value, path))
        found = wrong or beyond_bounds(shape, value, path)
        if isinstance(found, list):
            self._note(*found)
            return None
        return found

    def _time_zone(self, name: Any) -> ZoneInfo | None:
        if not isinstance(name, str):
            return None
        if name not in time_zones():
            hint = did_you_mean(name, time_zones())
            self._note(
                Misfit(
                    ("time_zone",),
                    f"{name!r} is no time zone.",
                    hint or "Use a name such as America/New_York.",
                )
            )
            return None
        return ZoneInfo(name)

    def _in_zone(self, value: Any, path: Path) -> Any:
        """The same with every local moment made one of the edition's zone."""
        match value:
            case dict():
                return {key: self._in_zone(one, (*path, key)) for key, one in value.items()}
            case list():
                return [self._in_zone(one, (*path, position)) for position, one in enumerate(value)]
            case datetime(tzinfo=None):
                return self._moment(value, path)
            case _:
                return value

    def _moment(self, local: datetime, path: Path) -> datetime:
        """The local moment as one in UTC."""
        zone = self._zone or UTC
        try:
            moments = {local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)}
        except OverflowError:
            self._note(Misfit(path, f"{local} in {zone} lies beyond the calendar.", "Write another year."))
            return local.replace(tzinfo=UTC)
        if len(moments) > 1:
            says = f"the clock in {zone} does not show {local} exactly once."
            self._note(Misfit(path, says, "Write the moment with its offset, e.g. -04:00."))
        return min(moments)

    def _note(self, *misfits: Misfit) -> None:
        for path, says, remedy in misfits:
            self.faults.append(EditionFault(self._line(path), _written(path), says, remedy))

    def _line(self, path: Path) -> int:
        """The line of the value, or of the nearest table around it where the value itself is missing."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]


def _parsed(text: str) -> dict[str, Any]:
    if len(text) > LARGEST:
        raise EditionFileInvalid(
            [EditionFault(1, "", "The file is too large.", f"Keep it under {LARGEST} characters.")]
        )
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as failure:
        place = _PLACE.search(str(failure))
        line = int(place[1]) if place and place[1] else text.rstrip().count("\n") + 1
        says = f"This is not TOML: {_PLACE.sub('', str(failure))}."
        raise EditionFileInvalid(
            [EditionFault(line, "", says, "See toml.io for how it is written.")]
        ) from failure
    except ValueError:  # Python reads no integer of more than some thousand digits, and TOML sets no limit
        found = _LONG_NUMBER.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        raise EditionFileInvalid(
            [EditionFault(line, "", "A number has too many digits.", "No edition needs more than ten.")]
        ) from None


def _written(path: Path) -> str:
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return "".join(steps).removeprefix(".")
