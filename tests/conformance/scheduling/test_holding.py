"""Who holds something of scheduling's is alone with it; and nobody and no room is in two meetings at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from summit_contracts.scheduling import MoveReason, UnplacedReason
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.ports import Unit
from summit_scheduling.domain.progress import PENDING, PLACEABLE, Status
from summit_testkit.builders.scheduling import (
    BEFORE,
    EDITION_ID,
    LAST_DAY,
    a_bilateral,
    an_edition,
)
from summit_testkit.builders.scheduling_kept import (
    OTHER_ID,
    a_busy_availability,
    a_solve,
    at,
    given,
    placed,
)
from summit_testkit.places import Places, SqlPlaces, one_after_the_other

Hold = Callable[[Unit], Awaitable[Any]]
_KE_RW = frozenset({"KE", "RW"})
HOLDS: dict[str, tuple[Hold, Hold]] = {
    "an edition": (lambda unit: unit.editions.hold(EDITION_ID),) * 2,
    "a bilateral": (lambda unit: unit.bilaterals.hold(EDITION_ID, "b1"),) * 2,
    "a bilateral and those between its parties": (
        lambda unit: unit.bilaterals.hold(EDITION_ID, "b1"),
        lambda unit: unit.bilaterals.hold_between(EDITION_ID, _KE_RW),
    ),
    "those between two parties that have none yet": (
        lambda unit: unit.bilaterals.hold_between(EDITION_ID, frozenset({"FR", "RW"})),
    )
    * 2,
    "those of a party and one of them": (
        lambda unit: unit.bilaterals.hold_of(EDITION_ID, "KE"),
        lambda unit: unit.bilaterals.hold(EDITION_ID, "b1"),
    ),
    "one, and all in its state": (
        lambda unit: unit.bilaterals.hold(EDITION_ID, "b1"),
        lambda unit: unit.bilaterals.hold_all(EDITION_ID, PENDING),
    ),
    "an availability": (lambda unit: unit.availabilities.hold(EDITION_ID, "KE"),) * 2,
    "an availability of which nothing is known": (lambda unit: unit.availabilities.hold(EDITION_ID, "FR"),)
    * 2,
    "a solve": (lambda unit: unit.solves.hold(EDITION_ID, "s1"),) * 2,
}


@pytest.mark.parametrize(("first", "second"), HOLDS.values(), ids=HOLDS)
async def test_nobody_else_holds_what_is_held(places: Places[Unit], first: Hold, second: Hold) -> None:
    await given(places, a_bilateral())
    async with places.unit() as unit:
        await unit.availabilities.save(a_busy_availability())
        await unit.solves.save(a_solve())
    await one_after_the_other(places, first, second)


async def test_who_had_to_wait_for_a_bilateral_sees_what_was_answered(places: Places[Unit]) -> None:
    await given(places, a_bilateral())

    async def accept(unit: Unit) -> None:
        held = await unit.bilaterals.hold(EDITION_ID, "b1")
        assert held is not None
        await unit.bilaterals.save(held.accept("RW", now=BEFORE).after)

    async def look(unit: Unit) -> list[Status]:
        return [one.status for one in await unit.bilaterals.hold_between(EDITION_ID, _KE_RW)]

    assert await one_after_the_other(places, accept, look) == [Status.AGREED]


async def test_who_had_to_wait_for_a_pair_sees_the_wish_that_came_first(places: Places[Unit]) -> None:
    await given(places)

    async def wish(unit: Unit) -> None:
        assert list(await unit.bilaterals.hold_between(EDITION_ID, _KE_RW)) == []
        await unit.bilaterals.save(a_bilateral())

    async def look(unit: Unit) -> list[Bilateral]:
        return list(await unit.bilaterals.hold_between(EDITION_ID, _KE_RW))

    assert await one_after_the_other(places, wish, look) == [a_bilateral()]


async def test_who_had_to_wait_for_an_availability_sees_the_first_word_about_it(places: Places[Unit]) -> None:
    async def state(unit: Unit) -> None:
        assert await unit.availabilities.hold(EDITION_ID, "KE") is None
        await unit.availabilities.save(a_busy_availability())

    async def look(unit: Unit) -> Availability | None:
        return await unit.availabilities.hold(EDITION_ID, "KE")

    assert await one_after_the_other(places, state, look) == a_busy_availability()


async def test_reading_holds_nobody_up(sql: SqlPlaces[Unit]) -> None:
    await given(sql, a_bilateral())
    async with sql.unit() as unit:
        await unit.solves.save(a_solve())
        await unit.availabilities.save(a_busy_availability())
    async with sql.unit() as busy, sql.unit() as reader:
        await busy.editions.hold(EDITION_ID)
        await busy.bilaterals.hold_all(EDITION_ID, PENDING)
        await busy.availabilities.hold(EDITION_ID, "KE")
        await busy.solves.hold(EDITION_ID, "s1")
        assert await reader.editions.get(EDITION_ID) == an_edition()
        assert list(await reader.bilaterals.all(EDITION_ID, PENDING)) == [a_bilateral()]
        assert await reader.availabilities.get(EDITION_ID, "KE") == a_busy_availability()
        assert await reader.solves.get(EDITION_ID, "s1") == a_solve()


FIRST = placed("b1", "KE", "RW", at(10))
TAKEN = {
    "the room at the same time": placed("b2", "FR", "BD", at(10)),
    "the room while the other is still in it": placed("b2", "FR", "BD", at(10, 19)),
    "the room for a time that holds the other's": placed("b2", "FR", "BD", at(9, 50, minutes=60)),
    "a party that is elsewhere": placed("b2", "FR", "RW", at(10, room="B")),
    "the same two parties once more": placed("b2", "RW", "KE", at(10, 10, room="B")),
}
FREE = {
    "the room right after": placed("b2", "FR", "BD", at(10, 20)),
    "the room right before": placed("b2", "KE", "RW", at(9, 40)),
    "another room": placed("b2", "FR", "BD", at(10, room="B")),
    "the room on another day": placed("b2", "KE", "RW", at(10, on=LAST_DAY)),
    "the same in another edition": replace(FIRST, edition_id=OTHER_ID),
}


@pytest.mark.parametrize("second", TAKEN.values(), ids=TAKEN)
async def test_the_database_itself_keeps_room_and_parties_out_of_two_meetings_at_a_time(
    sql: SqlPlaces[Unit], second: Bilateral
) -> None:
    await given(sql, FIRST)
    with pytest.raises(IntegrityError, match=r"one_at_a_time_in_a_room|one_meeting_at_a_time"):
        await given(sql, second)
    async with sql.unit() as unit:
        assert await unit.bilaterals.get(EDITION_ID, "b2") is None


@pytest.mark.parametrize("second", FREE.values(), ids=FREE)
async def test_the_database_has_nothing_against_a_place_that_is_free(
    places: Places[Unit], second: Bilateral
) -> None:
    await given(places, FIRST)
    await given(places, second)
    async with places.unit() as unit:
        assert await unit.bilaterals.get(second.edition_id, second.bilateral_id) == second


async def test_two_meetings_change_places_within_one_transaction(places: Places[Unit]) -> None:
    one, other = placed("b1", "KE", "RW", at(10)), placed("b2", "KE", "FR", at(11))
    await given(places, one, other)
    swapped = (
        one.place(2, at(11), MoveReason.BETTER_PLAN).after,
        other.place(2, at(10), MoveReason.BETTER_PLAN).after,
    )
    async with places.unit() as unit:
        await unit.bilaterals.save(swapped[0])
        await unit.bilaterals.save(swapped[1])
    async with places.unit() as unit:
        assert tuple(await unit.bilaterals.all(EDITION_ID, PLACEABLE)) == swapped


@pytest.mark.parametrize(
    "freed",
    [
        FIRST.cancel_by_secretariat(now=BEFORE).after,
        FIRST.unplace(2, UnplacedReason.NO_PLACE_LEFT).after,
        FIRST.place(2, at(12), MoveReason.BETTER_PLAN).after,
    ],
    ids=["cancelled", "unplaced", "moved"],
)
async def test_a_place_that_was_given_up_is_free_for_others(places: Places[Unit], freed: Bilateral) -> None:
    await given(places, FIRST)
    await given(places, freed)
    await given(places, placed("b2", "KE", "FR", at(10)))
    async with places.unit() as unit:
        assert await unit.bilaterals.get(EDITION_ID, "b1") == freed


async def test_of_two_who_take_one_room_at_once_one_is_refused(sql: SqlPlaces[Unit]) -> None:
    rival = placed("b2", "FR", "BD", at(10))
    outcomes = await asyncio.gather(given(sql, FIRST), given(sql, rival), return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["IntegrityError", "NoneType"]
