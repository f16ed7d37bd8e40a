"""What must hold between the parts of an edition file, where each part by itself is well-formed."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from summit_contracts.editions import (
    Calendar,
    Cap,
    Day,
    DayPurpose,
    Deadlines,
    EditionInvitee,
    Obligation,
    Pause,
    Quota,
    Resource,
    Room,
    Slots,
    TurnRound,
)
from summit_contracts.values import Interval, InviteeKind, Language
from summit_registration.domain.edition_invitees import unknown_code
from summit_registration.domain.edition_shape import Misfit
from summit_registration.domain.spelling import did_you_mean
from summit_registration.domain.toml_lines import Path


@dataclass(frozen=True, kw_only=True)
class Parts:
    """The parts of one file that are well-formed by themselves; a part that is not is missing here."""

    zone: ZoneInfo | None
    languages: tuple[Language, ...]
    fallback_language: Language | None
    slots: Slots | None
    deadlines: Deadlines | None
    days: Mapping[int, Day]
    """By position in the file, as with the other lists."""
    rooms: Mapping[int, Room]
    quotas: Mapping[int, Quota]
    obligations: Mapping[int, Obligation]
    resources: Mapping[int, Resource]
    turn_round: Mapping[int, TurnRound]
    caps: Mapping[int, Cap]
    calendars: Mapping[int, Calendar]
    invitees: tuple[EditionInvitee, ...]
    are_days_complete: bool
    """Whether `days` holds every day of the file."""
    are_invitees_complete: bool

    @property
    def closes_at(self) -> datetime | None:
        """The moment at which the summit is over, or none where the file does not say it."""
        if self.zone is None or not self.days or not self.are_days_complete:
            return None
        last = max(self.days.values(), key=lambda day: day.on)
        return datetime.combine(last.on, last.closes, tzinfo=self.zone).astimezone(UTC)


def broken_rules(parts: Parts) -> Iterator[Misfit]:
    """Everything in the parts that contradicts another part."""
    for rule in _RULES:
        yield from rule(parts)


def _days_are_whole(parts: Parts) -> Iterator[Misfit]:
    yield from _twins("days", "on", ((position, day.on) for position, day in parts.days.items()))
    for position, day in parts.days.items():
        if day.closes <= day.opens:
            yield Misfit(
                ("days", position, "closes"), f"the day closes before it opens ({day.opens}).", "Swap them."
            )
            continue
        for number, pause in enumerate(day.pauses):
            yield from _pause_fits(day, pause, ("days", position, "pauses", number))


def _pause_fits(day: Day, pause: Pause, path: Path) -> Iterator[Misfit]:
    if pause.end <= pause.start:
        yield Misfit((*path, "end"), "the pause ends before it starts.", "Swap start and end.")
    elif pause.start < day.opens or pause.end > day.closes:
        yield Misfit(path, f"the pause lies outside the day ({day.opens} to {day.closes}).", "Shorten it.")


def _slots_fit(parts: Parts) -> Iterator[Misfit]:
    if parts.slots is None:
        return
    for position, day in parts.days.items():
        if DayPurpose.BILATERALS in day.purposes and day.opens < day.closes:
            longest = max(_stretches(day), default=timedelta())
            if longest < timedelta(minutes=parts.slots.minutes):
                yield Misfit(
                    ("days", position),
                    f"no slot of {parts.slots.minutes} minutes fits; the longest stretch has {longest // timedelta(minutes=1)}.",
                    "Shorten slots.minutes or the pauses, or open the day for longer.",
                )


def _stretches(day: Day) -> Iterator[timedelta]:
    begins = day.opens
    for pause in sorted(day.pauses, key=lambda pause: pause.start):
        if pause.start > begins:
            yield _between(begins, pause.start)
        begins = max(begins, pause.end)
    if day.closes > begins:
        yield _between(begins, day.closes)


def _between(start: time, end: time) -> timedelta:
    return datetime.combine(date.min, end) - datetime.combine(date.min, start)


def _rooms_are_reserved(parts: Parts) -> Iterator[Misfit]:
    yield from _twins("rooms", "code", ((position, room.code) for position, room in parts.rooms.items()))
    purposes = {day.on: day.purposes for day in parts.days.values()}
    reserved = sorted(on for on, of_day in purposes.items() if DayPurpose.BILATERALS in of_day)
    remedy = (
        f"Choose among {', '.join(map(str, reserved))}." if reserved else "Give a day the purpose bilaterals."
    )
    for position, room in parts.rooms.items():
        for number, on in enumerate(room.days):
            path: Path = ("rooms", position, "days", number)
            if on not in purposes and parts.are_days_complete:
                yield Misfit(path, f"{on} is not a day of this edition.", remedy)
            elif DayPurpose.BILATERALS not in purposes.get(on, (DayPurpose.BILATERALS,)):
                yield Misfit(path, f"{on} is not a day for bilaterals.", remedy)
            if on in room.days[:number]:
                yield Misfit(path, f"{on} is named twice.", "Leave one out.")


def _deadlines_come_before_the_end(parts: Parts) -> Iterator[Misfit]:
    closes_at = parts.closes_at
    if parts.deadlines is None or closes_at is None:
        return
    for key in ("nominate_by_at", "confirm_by_at", "wishes_by_at"):
        at: datetime = getattr(parts.deadlines, key)
        if at > closes_at:
            yield Misfit(
                ("deadlines", key),
                f"the deadline lies after the end of the summit ({closes_at:%Y-%m-%d %H:%M} UTC).",
                "Name an earlier moment; only pledges may come later.",
            )


def _quotas_name_each_once(parts: Parts) -> Iterator[Misfit]:
    yield from _twins("quotas", "kind", ((position, line.kind) for position, line in parts.quotas.items()))
    yield from _twins(
        "quotas", "invitee", ((position, line.invitee) for position, line in parts.quotas.items())
    )
    for position, line in parts.quotas.items():
        if line.invitee is not None:
            yield from _is_invited(line.invitee, parts, ("quotas", position, "invitee"))


def _everybody_has_a_quota(parts: Parts) -> Iterator[Misfit]:
    kinds = {line.kind for line in parts.quotas.values()}
    by_name = {line.invitee for line in parts.quotas.values()}
    for kind in InviteeKind:
        without = [one.code for one in parts.invitees if one.kind is kind and one.code not in by_name]
        if without and kind is not InviteeKind.PRINCIPAL and kind not in kinds:
            yield Misfit(
                ("quotas",),
                f"{kind} has no quota, and {without[0]} is invited.",
                f'Add [[quotas]] with kind = "{kind}".',
            )


def _obligations_bind_whom_they_can(parts: Parts) -> Iterator[Misfit]:
    yield from _twins(
        "obligations", "code", ((position, duty.code) for position, duty in parts.obligations.items())
    )
    for position, duty in parts.obligations.items():
        for number, code in enumerate(duty.invitees):
            yield from _is_invited(code, parts, ("obligations", position, "invitees", number))
        yield from _lies_within(duty.interval, parts, ("obligations", position, "interval"))


def _lies_within(interval: Interval, parts: Parts, path: Path) -> Iterator[Misfit]:
    if parts.zone is None or not parts.are_days_complete:
        return
    days = {day.on for day in parts.days.values()}
    for key in ("start_at", "end_at"):
        on = getattr(interval, key).astimezone(parts.zone).date()
        if on not in days:
            yield Misfit(
                (*path, key), f"{on} is not a day of this edition.", "Choose a moment on one of its days."
            )


def _calendars_open_on_its_days(parts: Parts) -> Iterator[Misfit]:
    yield from _twins(
        "calendars", "invitee", ((position, one.invitee) for position, one in parts.calendars.items())
    )
    for position, one in parts.calendars.items():
        yield from _is_invited(one.invitee, parts, ("calendars", position, "invitee"))
        for number, interval in enumerate(one.open):
            yield from _lies_within(interval, parts, ("calendars", position, "open", number))


def _resources_have_rooms(parts: Parts) -> Iterator[Misfit]:
    yield from _twins(
        "resources", "code", ((position, one.code) for position, one in parts.resources.items())
    )
    equipped = {code for room in parts.rooms.values() for code in room.equipment}
    for position, one in parts.resources.items():
        if one.code not in equipped:
            yield Misfit(
                ("resources", position, "code"),
                f"no room has the equipment {one.code}, so that nothing could use it.",
                did_you_mean(one.code, equipped) or "Add it to the equipment of a room.",
            )


def _levels_and_caps_stand_once(parts: Parts) -> Iterator[Misfit]:
    yield from _twins(
        "turn_round", "level", ((position, one.level) for position, one in parts.turn_round.items())
    )
    seen: set[tuple[str | None, str | None]] = set()
    for position, cap in parts.caps.items():
        whose = (cap.kind, cap.invitee)
        if whose in seen:
            says = f"there is a cap for {cap.invitee or cap.kind or 'everybody'} already."
            yield Misfit(("caps", position), says, "Leave one of the two out.")
        seen.add(whose)
        if cap.invitee is not None:
            yield from _is_invited(cap.invitee, parts, ("caps", position, "invitee"))


def _letters_can_be_written(parts: Parts) -> Iterator[Misfit]:
    for position, language in enumerate(parts.languages):
        if language in parts.languages[:position]:
            yield Misfit(("languages", position), f"{language.value!r} stands here twice.", "Leave one out.")
    if parts.languages and parts.fallback_language not in (None, *parts.languages):
        yield Misfit(("fallback_language",), "it is not among the languages.", "Add it to languages.")
    missing = sorted({one.language for one in parts.invitees} - {*parts.languages})
    for language in missing if parts.languages else ():
        yield Misfit(
            ("invitees", "languages", language.value),
            f"invitees are written to in {language.value!r}, which is not among the languages.",
            "Add it to languages, or give them another.",
        )


def _is_invited(code: str, parts: Parts, path: Path) -> Iterator[Misfit]:
    if unknown := unknown_code(code, path):
        yield unknown
    elif parts.are_invitees_complete and code not in {one.code for one in parts.invitees}:
        yield Misfit(path, f"{code} is not invited.", "Invite it, or leave this out.")


def _twins(table: str, key: str, values: Iterable[tuple[int, Hashable]]) -> Iterator[Misfit]:
    seen: set[Hashable] = {None}
    for position, value in values:
        if value in seen and value is not None:
            yield Misfit((table, position, key), f"{value} stands here twice.", "Leave one of the two out.")
        seen.add(value)


_RULES: Final[tuple[Callable[[Parts], Iterator[Misfit]], ...]] = (
    _days_are_whole,
    _slots_fit,
    _rooms_are_reserved,
    _deadlines_come_before_the_end,
    _quotas_name_each_once,
    _everybody_has_a_quota,
    _obligations_bind_whom_they_can,
    _calendars_open_on_its_days,
    _resources_have_rooms,
    _levels_and_caps_stand_once,
    _letters_can_be_written,
)
