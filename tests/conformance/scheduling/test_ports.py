"""Scheduling's ports promise the same in memory and in PostgreSQL."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from summit_contracts.scheduling import BilateralAccepted, DeclineReason
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.ports import Census, Unit
from summit_scheduling.domain.progress import ENDED, PENDING, PLACEABLE, Status
from summit_scheduling.domain.rulings import Rulings
from summit_testkit.builders.scheduling import (
    BEFORE,
    EDITION_ID,
    a_bilateral,
    an_agreed_bilateral,
    an_edition,
)
from summit_testkit.builders.scheduling_kept import (
    EVERY_KIND,
    OTHER_ID,
    a_busy_availability,
    a_solve,
    a_timetable,
    given,
)
from summit_testkit.places import Places


async def test_nothing_is_there_before_it_is_saved(places: Places[Unit]) -> None:
    async with places.unit() as unit:
        assert await unit.editions.get(EDITION_ID) is await unit.editions.hold(EDITION_ID) is None
        assert await unit.bilaterals.get(EDITION_ID, "b1") is None
        assert await unit.bilaterals.hold(EDITION_ID, "b1") is None
        assert list(await unit.bilaterals.hold_between(EDITION_ID, frozenset({"KE", "RW"}))) == []
        assert list(await unit.bilaterals.hold_of(EDITION_ID, "KE")) == []
        assert list(await unit.bilaterals.hold_all(EDITION_ID, frozenset(Status))) == []
        assert list(await unit.bilaterals.all(EDITION_ID, frozenset(Status))) == []
        assert list(await unit.bilaterals.page(EDITION_ID, party=None, after=None, limit=9)) == []
        assert await unit.availabilities.get(EDITION_ID, "KE") is None
        assert await unit.availabilities.hold(EDITION_ID, "KE") is None
        assert dict(await unit.availabilities.all(EDITION_ID)) == {}
        assert (
            await unit.timetables.latest(EDITION_ID) is await unit.timetables.numbered(EDITION_ID, 1) is None
        )
        assert await unit.solves.get(EDITION_ID, "s1") is await unit.solves.hold(EDITION_ID, "s1") is None
        assert await unit.solves.hold_next(taken_before=BEFORE) is None
        assert list(await unit.solves.page(EDITION_ID, limit=9)) == []
        assert await unit.census(EDITION_ID) == Census(by_status={}, timetables=0)
    assert await places.published() == ()


async def test_the_mark_is_another_one_after_every_change_and_only_then(places: Places[Unit]) -> None:
    agreed = an_agreed_bilateral("b1")
    changes: list[Callable[[Unit], Awaitable[None]]] = [
        lambda unit: unit.editions.save(an_edition(), 1),
        lambda unit: unit.editions.save(an_edition(title="Another"), 2),
        lambda unit: unit.bilaterals.save(a_bilateral("b1")),
        lambda unit: unit.bilaterals.save(agreed),
        lambda unit: unit.bilaterals.save(an_agreed_bilateral("b2")),
        lambda unit: unit.availabilities.save(Availability(edition_id=EDITION_ID, code="KE")),
        lambda unit: unit.availabilities.save(a_busy_availability()),
        lambda unit: unit.rulings.save(Rulings(edition_id=EDITION_ID, vetoes=(("KE", "RW"),))),
        lambda unit: unit.rulings.save(Rulings(edition_id=EDITION_ID, vetoes=(("FR", "RW"),))),
        lambda unit: unit.timetables.add(a_timetable(1)),
        lambda unit: unit.timetables.add(a_timetable(2)),
    ]

    async def mark(edition_id: str = EDITION_ID) -> str:
        async with places.unit() as unit:
            return await unit.mark(edition_id)

    seen, elsewhere = [await mark()], await mark(OTHER_ID)
    for change in changes:
        async with places.unit() as unit:
            await change(unit)
        seen.append(await mark())
        assert seen[-1] == await mark()
    assert len(set(seen)) == 1 + len(changes)
    assert await mark(OTHER_ID) == elsewhere


async def test_what_is_known_is_read_again_where_it_was_written_again_and_only_there(
    places: Places[Unit],
) -> None:
    agreed = frozenset({Status.AGREED})

    async def read(known: tuple[Any, Any]) -> tuple[Any, Any]:
        async with places.unit() as unit:
            return (
                await unit.bilaterals.marked(EDITION_ID, agreed, known[0]),
                await unit.availabilities.marked(EDITION_ID, known[1]),
            )

    await given(
        places,
        *(an_agreed_bilateral(one) for one in ("b1", "b2", "b3")),
        an_agreed_bilateral("b4", edition_id=OTHER_ID),
    )
    async with places.unit() as unit:
        await unit.availabilities.save(a_busy_availability("KE"))
        await unit.availabilities.save(a_busy_availability("RW"))
    before = await read(({}, {}))
    assert before == await read(before)
    async with places.unit() as unit:
        await unit.bilaterals.save(
            an_agreed_bilateral("b2", priority=3), a_bilateral("b3"), an_agreed_bilateral("b5")
        )
        await unit.availabilities.save(Availability(edition_id=EDITION_ID, code="RW"))
        await unit.availabilities.save(a_busy_availability("FR"))
    (bilaterals, availabilities), anew = await read(before), await read(({}, {}))
    assert (bilaterals, availabilities) == anew
    assert {key: one.value for key, one in bilaterals.items()} == {
        "b1": an_agreed_bilateral("b1"),
        "b2": an_agreed_bilateral("b2", priority=3),
        "b5": an_agreed_bilateral("b5"),
    }
    assert {key: one.value for key, one in availabilities.items()} == {
        "KE": a_busy_availability("KE"),
        "RW": Availability(edition_id=EDITION_ID, code="RW"),
        "FR": a_busy_availability("FR"),
    }
    assert bilaterals["b1"] is before[0]["b1"]
    assert availabilities["KE"] is before[1]["KE"]


async def test_the_timetable_that_is_known_is_read_again_where_another_was_added(
    places: Places[Unit],
) -> None:
    await given(places)
    async with places.unit() as unit:
        await unit.timetables.add(a_timetable(1))
        first = await unit.timetables.latest(EDITION_ID)
        assert await unit.timetables.latest(EDITION_ID, known=first) is first
    async with places.unit() as unit:
        await unit.timetables.add(a_timetable(2))
        assert await unit.timetables.latest(EDITION_ID, known=first) == a_timetable(2)


@pytest.mark.parametrize(("revisions", "holds"), [((1, 2), 2), ((2, 1), 2), ((1, 1), 1)])
async def test_the_highest_revision_of_an_edition_holds_whatever_comes_last(
    places: Places[Unit], revisions: tuple[int, int], holds: int
) -> None:
    for place, revision in enumerate(revisions, start=1):
        async with places.unit() as unit:
            await unit.editions.get(EDITION_ID)
            await unit.editions.save(an_edition(title=f"Came as {place}, revision {revision}"), revision)
            read = await unit.editions.get(EDITION_ID)
            assert read is not None
    async with places.unit() as unit:
        edition = await unit.editions.get(EDITION_ID)
        assert edition == await unit.editions.hold(EDITION_ID)
        assert edition is not None
        assert edition.title == f"Came as {revisions.index(holds) + 1}, revision {holds}"


@pytest.mark.parametrize("bilateral", EVERY_KIND.values(), ids=EVERY_KIND)
async def test_a_bilateral_is_read_as_it_was_saved_last(places: Places[Unit], bilateral: Bilateral) -> None:
    name = bilateral.bilateral_id
    await given(places, a_bilateral(name, *bilateral.parties))
    async with places.unit() as unit:
        await unit.bilaterals.save(bilateral)
        await unit.bilaterals.save()
        assert await unit.bilaterals.get(EDITION_ID, name) == bilateral
    async with places.unit() as unit:
        assert await unit.bilaterals.get(EDITION_ID, name) == bilateral
        assert await unit.bilaterals.hold(EDITION_ID, name) == bilateral
        assert list(await unit.bilaterals.hold_of(EDITION_ID, "RW")) == [bilateral]
        assert list(await unit.bilaterals.all(EDITION_ID, frozenset({bilateral.status}))) == [bilateral]
        assert list(await unit.bilaterals.all(EDITION_ID, frozenset(Status) - {bilateral.status})) == []
        assert await unit.bilaterals.get(OTHER_ID, name) is None


async def test_bilaterals_are_found_by_their_parties_and_states(places: Places[Unit]) -> None:
    three = a_bilateral("b0", "KE", "RW", "FR")
    crossing, first = a_bilateral("a1", "RW", "KE"), a_bilateral("b1", "KE", "RW")
    declined = a_bilateral("a2", "KE", "FR").decline("FR", DeclineReason.NO_TIME, now=BEFORE).after
    elsewhere = a_bilateral("b7", "KE", "RW", edition_id=OTHER_ID)
    await given(places, first, three, elsewhere)
    async with places.unit() as unit:
        await unit.bilaterals.save(declined, crossing)
        await unit.bilaterals.save(first)
    async with places.unit() as unit:
        found = unit.bilaterals
        for between in (found.between, found.hold_between):
            assert list(await between(EDITION_ID, frozenset({"RW", "KE"}))) == [first, crossing]
            assert list(await between(EDITION_ID, frozenset({"KE", "RW", "FR"}))) == [three]
        assert list(await found.hold_of(EDITION_ID, "FR")) == [declined, three]
        assert list(await found.hold_all(EDITION_ID, PENDING)) == [crossing, three, first]
        assert list(await found.all(EDITION_ID, PENDING | ENDED)) == [crossing, declined, three, first]
        assert list(await found.all(EDITION_ID, PLACEABLE)) == []


@pytest.mark.parametrize("limit", [1, 2, 3, 9])
async def test_pages_hold_every_bilateral_once_in_the_order_of_ids(places: Places[Unit], limit: int) -> None:
    ids = ["B", "_", "a-1", "a-2", "b"]
    await given(
        places,
        *(a_bilateral(one, "KE", "RW" if one < "a-2" else "FR") for one in ("b", "_", "a-2", "B", "a-1")),
    )
    for party, expected in ((None, ids), ("KE", ids), ("RW", ids[:3]), ("FR", ids[3:]), ("BD", [])):
        seen: list[str] = []
        async with places.unit() as unit:
            after = None
            while rows := await unit.bilaterals.page(EDITION_ID, party=party, after=after, limit=limit):
                assert len(rows) <= limit
                seen += [row.bilateral_id for row in rows]
                after = rows[-1].bilateral_id
        assert seen == expected


@pytest.mark.parametrize(
    "availability",
    [
        a_busy_availability(),
        Availability(edition_id=EDITION_ID, code="KE"),
        Availability(edition_id=EDITION_ID, code="KE").attended_by_nobody(),
    ],
    ids=["with everything", "nobody is known", "nobody comes"],
)
async def test_an_availability_is_read_as_it_was_saved_last(
    places: Places[Unit], availability: Availability
) -> None:
    async with places.unit() as unit:
        await unit.availabilities.save(replace(a_busy_availability(), revision=3))
        await unit.availabilities.save(a_busy_availability("RW"))
    async with places.unit() as unit:
        await unit.availabilities.save(availability)
    async with places.unit() as unit:
        assert await unit.availabilities.get(EDITION_ID, "KE") == availability
        assert await unit.availabilities.hold(EDITION_ID, "KE") == availability
        everybody = {"KE": availability, "RW": a_busy_availability("RW")}
        assert dict(await unit.availabilities.all(EDITION_ID)) == everybody
        assert dict(await unit.availabilities.all(OTHER_ID)) == {}


async def test_the_census_counts_what_is_there(places: Places[Unit]) -> None:
    kinds = [replace(one, bilateral_id=f"c{place}") for place, one in enumerate(EVERY_KIND.values())]
    await given(places, *kinds, a_bilateral("b8", edition_id=OTHER_ID))
    async with places.unit() as unit:
        census = await unit.census(EDITION_ID)
    assert census == Census(by_status=dict.fromkeys(Status, 1), timetables=0)


class Thought(Exception):
    """Somebody thinks again."""


async def test_a_unit_that_fails_leaves_nothing(places: Places[Unit]) -> None:
    async def change_everything_and_think_again() -> None:
        async with places.unit() as unit:
            await unit.editions.save(an_edition(title="Another"), 2)
            await unit.bilaterals.save(an_agreed_bilateral(), an_agreed_bilateral("b2"))
            await unit.availabilities.save(a_busy_availability())
            await unit.timetables.add(a_timetable(1))
            await unit.solves.save(a_solve())
            unit.stage(*a_bilateral().accept("RW", now=BEFORE).facts)
            raise Thought

    await given(places, a_bilateral())
    with pytest.raises(Thought):
        await change_everything_and_think_again()
    async with places.unit() as unit:
        assert await unit.editions.get(EDITION_ID) == an_edition()
        assert list(await unit.bilaterals.all(EDITION_ID, frozenset(Status))) == [a_bilateral()]
        assert await unit.availabilities.get(EDITION_ID, "KE") is None
        assert await unit.timetables.latest(EDITION_ID) is None
        assert list(await unit.solves.page(EDITION_ID, limit=9)) == []
    assert await places.published() == ()


async def test_facts_are_published_in_the_order_in_which_they_were_staged(places: Places[Unit]) -> None:
    facts = [fact for name in ("b1", "b2") for fact in a_bilateral(name).accept("RW", now=BEFORE).facts]
    async with places.unit() as unit:
        unit.stage(*facts[:1])
        unit.stage(*facts[1:])
    published = await places.published()
    assert published == tuple(facts)
    assert [type(fact) for fact in published] == [BilateralAccepted] * 2
