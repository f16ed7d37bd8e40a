"""How long the desk takes to say where two parties could still meet, at summit size: over HTTP, against PostgreSQL."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import combinations, islice
from time import perf_counter, process_time
from typing import Any, Final, NamedTuple

import pytest

from summit_chassis import runtime
from summit_contracts.editions import Day, DayPurpose, EditionInvitee, Room
from summit_contracts.values import Interval, InviteeKind, Language
from summit_scheduling.app import service
from summit_scheduling.domain.availability import Availability, Blocked
from summit_scheduling.domain.grid import Grid
from summit_scheduling.settings import SchedulingSettings
from summit_scheduling.store.work import SqlUnit
from summit_testkit.builders.scheduling import (
    BEFORE,
    EDITION_ID,
    FIRST_DAY,
    LAST_DAY,
    an_agreed_bilateral,
    an_edition,
)
from summit_testkit.databases import Databases
from summit_testkit.demand import Demand, Family, demand
from summit_testkit.desk import desk, emptied
from summit_testkit.meetings import Meetings, published

ASKED: Final = 100


@pytest.mark.parametrize(("wishes", "rooms"), [(500, 18), (2000, 25)])
async def test_the_next_places_for_two_parties(databases: Databases, wishes: int, rooms: int) -> None:
    wanted = demand(Family.A, seed=1, wishes=wishes, rooms=rooms)
    url = await emptied(service, databases)
    offset = BEFORE - datetime.now(UTC)
    async with desk(
        service, SchedulingSettings, databases, url=url, role="serve", offset=offset
    ) as scheduling:
        meetings = Meetings(scheduling)
        summit = of_size(wanted)
        await scheduling.hear(published(**summit))
        async with scheduling.database.transaction() as transaction:
            await agree(wanted, Grid.of(an_edition(**summit)), unit=SqlUnit(transaction))
        await meetings.timetable(seconds=5)
        runtime.settle()  # as the service does when it starts
        asking = {"agreed": of_the_agreed(), "walking in": list(of_who_walk_in(wanted))}
        for who, paths in asking.items():
            undisturbed = await ask(meetings, paths)
            after_changes = await ask(meetings, paths, touching=wanted.delegations)
            for when, asked in (("nothing changing", undisturbed), ("a change before each", after_changes)):
                sys.stdout.write(f"\n{wishes} agreed, {rooms} rooms, two {who}, {when}: {asked}")
            assert undisturbed.offered == after_changes.offered


class Asked(NamedTuple):
    """What the answers took, and how many places they offered."""

    took: Sequence[float]
    """Seconds on the clock, the shortest first."""
    worked: float
    """Seconds of the processor for each, of service, desk and test together."""
    offered: int

    def __str__(self) -> str:
        """For a person, in milliseconds."""
        return (
            f"{1000 * self.took[ASKED // 2]:.0f} ms (median), {1000 * self.took[ASKED * 95 // 100]:.0f} ms "
            f"(95th percentile), {1000 * self.worked:.0f} ms of processor time; {self.offered / ASKED:.1f} places offered"
        )


def of_the_agreed() -> Sequence[str]:
    """Where the places of as many agreed meetings are asked for as are measured."""
    return [f"/bilaterals/b{number}/places?limit=10" for number in range(1, ASKED + 1)]


def of_who_walk_in(wanted: Demand) -> Iterator[str]:
    """The same for as many pairs that have agreed to no meeting."""
    had = {frozenset((wish.asker, wish.asked)) for wish in wanted.wishes}
    pairs = (pair for pair in combinations(wanted.delegations, 2) if frozenset(pair) not in had)
    for one, other in islice(pairs, ASKED):
        yield f"/places?party={one}&party={other}&limit=10"


async def ask(meetings: Meetings, paths: Sequence[str], *, touching: Sequence[str] = ()) -> Asked:
    """The places of so many meetings; before each question one of these, if any, is written again."""
    took, worked, offered = [], 0.0, 0
    for number, path in enumerate(paths):
        if touching:
            await write_again(meetings, touching[number % len(touching)])
        began, had = perf_counter(), process_time()
        answer = await meetings.ask("GET", path)
        took.append(perf_counter() - began)
        worked += process_time() - had
        assert answer.status_code == 200, answer.text
        offered += len(answer.json())
    return Asked(sorted(took), worked / ASKED, offered)


async def write_again(meetings: Meetings, code: str) -> None:
    """What a delegation says and what a booking writes is written once more as it was, which nobody can know without reading it."""
    async with meetings.desk.database.transaction() as transaction:
        unit = SqlUnit(transaction)
        said = await unit.availabilities.get(EDITION_ID, code)
        await unit.availabilities.save(said or Availability(edition_id=EDITION_ID, code=code))
        holds = await unit.timetables.latest(EDITION_ID)
        assert holds
        placed = await unit.bilaterals.get(EDITION_ID, min(holds.placements))
        assert placed
        await unit.bilaterals.save(placed)
        await unit.timetables.add(replace(holds, number=holds.number + 1))


def of_size(wanted: Demand) -> dict[str, Any]:
    """An edition with two days of as many slots as the demand has, and its rooms and delegations."""
    closes = datetime.combine(FIRST_DAY, time(8)) + timedelta(minutes=30 * wanted.slots_per_day)
    days = tuple(
        Day(on=on, purposes=(DayPurpose.BILATERALS,), opens=time(8), closes=closes.time())
        for on in (FIRST_DAY, LAST_DAY)
    )
    return {
        "days": days,
        "rooms": tuple(
            Room(code=f"R{number}", name=f"Room {number}", seats=8, days=(FIRST_DAY, LAST_DAY))
            for number in range(wanted.rooms)
        ),
        "invitees": tuple(
            EditionInvitee(code=code, kind=InviteeKind.MEMBER_STATE, language=Language.ENGLISH)
            for code in wanted.delegations
        ),
    }


async def agree(wanted: Demand, grid: Grid, *, unit: SqlUnit) -> None:
    """Everybody has said yes to every wish, and when it cannot be met."""
    await unit.bilaterals.save(
        *(
            an_agreed_bilateral(f"b{number}", wish.asker, wish.asked, priority=wish.priority)
            for number, wish in enumerate(wanted.wishes, 1)
        )
    )
    for code, slots in wanted.unavailable.items():
        blocked = tuple(Blocked(_interval(grid, slot)) for slot in sorted(slots))
        await unit.availabilities.save(Availability(edition_id=EDITION_ID, code=code, blocked=blocked))


def _interval(grid: Grid, slot: int) -> Interval:
    return Interval(start_at=grid.slots[slot].start_at, end_at=grid.slots[slot].end_at)
