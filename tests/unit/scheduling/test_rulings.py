"""Rulings that no timetable could follow are told for what they are, at the pin that cannot be kept."""

from datetime import date, datetime

import pytest

from summit_contracts.errors import Refusal
from summit_contracts.values import Interval
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.errors.rulings import PinImpossible, PinsContradict
from summit_scheduling.domain.rulings import Absence, Closure, Pin, Rulings
from summit_testkit.builders.scheduling import (
    BEFORE,
    EDITION_ID,
    FIRST_DAY,
    LAST_DAY,
    a_bilateral,
    a_grid,
    in_new_york,
)


def agreed(key: str, asks: str, asked: str, *, on: date | None = None, minutes: int = 20) -> Bilateral:
    """They have agreed to meet so long, on the day, or on either."""
    wished = a_bilateral(key, asks, asked, days=(on,) if on else (FIRST_DAY, LAST_DAY))
    if minutes == 20:
        return wished.accept(asked, now=BEFORE).after
    longer = wished.terms.model_copy(update={"minutes": minutes})
    countered = wished.counter(asked, longer, grid=a_grid(), now=BEFORE).after
    return countered.accept(asks, now=BEFORE).after


MEETINGS = {
    one.bilateral_id: one
    for one in (
        agreed("short", "KE", "RW"),
        agreed("long", "KE", "FR", minutes=45),
        agreed("other", "FR", "IN"),
        agreed("last", "FR", "RW", on=LAST_DAY),
    )
}


def at(hour: int, minute: int = 0, on: date = FIRST_DAY) -> datetime:
    return in_new_york(on, hour, minute)


def pinned(*pins: tuple[str, datetime], **ruled: object) -> Rulings:
    rulings = Rulings(edition_id=EDITION_ID, pins=tuple(Pin(*pin) for pin in pins), **ruled)  # type: ignore[arg-type]  # whatever a test rules
    return rulings.check(a_grid(), MEETINGS)


MORNING = Interval(start_at=at(10, 30), end_at=at(12))


@pytest.mark.parametrize(
    ("pins", "why"),
    [
        ([("short", at(10)), ("short", at(14))], "two moments"),
        ([("long", at(10)), ("short", at(10, 30))], "KE is pinned to two meetings"),
        ([("short", at(10, 30)), ("long", at(10))], "KE is pinned to two meetings"),
        ([("short", at(10)), ("other", at(10))], "only 1 rooms"),
        ([("long", at(10, on=LAST_DAY)), ("last", at(10, 30, on=LAST_DAY))], "FR is pinned to two meetings"),
    ],
    ids=["one meeting twice", "into a long one", "a long one over it", "one room", "on the other day"],
)
def test_pins_that_contradict_one_another_are_refused_at_the_later_one(
    pins: list[tuple[str, datetime]], why: str
) -> None:
    with pytest.raises(PinsContradict, match=why) as refused:
        pinned(*pins)
    assert refused.value.field == "pins[1]"
    assert refused.value.remedy
    for pin in pins:
        pinned(pin)


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        (("last", at(10)), "have not agreed to that moment"),
        (("long", at(14, 30)), "have not agreed to that moment"),
        (("long", at(10)), "KE cannot be met then"),
        (("nobody", at(10)), "it is not agreed"),
    ],
    ids=["on a day not agreed", "longer than the day", "absent in its second slot", "unknown"],
)
def test_a_pin_where_the_meeting_cannot_be_held_is_refused(pin: tuple[str, datetime], why: str) -> None:
    with pytest.raises(PinImpossible, match=why):
        pinned(pin, absences=(Absence("KE", MORNING),))


def test_a_meeting_longer_than_a_slot_needs_a_room_for_all_of_it() -> None:
    pinned(("short", at(10)), closures=(Closure("A", MORNING),))
    with pytest.raises(PinsContradict, match="only 0 rooms"):
        pinned(("long", at(10)), closures=(Closure("A", MORNING),))


def test_a_pin_said_twice_is_kept_once_and_meetings_after_one_another_are_pinned() -> None:
    pins = [("long", at(10)), ("short", at(11)), ("long", at(10))]
    assert [one.bilateral_id for one in pinned(*pins).pins] == ["long", "short"]


def test_every_refusal_of_a_ruling_says_where_and_what_to_do() -> None:
    for pin in (("last", at(10)), ("nobody", at(10))):
        with pytest.raises(Refusal) as refused:
            pinned(pin)
        assert (refused.value.field, bool(refused.value.remedy)) == ("pins[0]", True)
