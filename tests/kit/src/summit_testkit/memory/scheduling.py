"""Scheduling's ports in memory: what is saved and staged in a unit of work becomes true together, or not at all."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from summit_contracts.editions import Edition
from summit_contracts.fact import Fact
from summit_scheduling.domain.availability import Availability
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.planfile import PlanFile
from summit_scheduling.domain.ports import Census, Marked
from summit_scheduling.domain.progress import Status
from summit_scheduling.domain.rulings import Rulings
from summit_scheduling.domain.solve import Solve, SolveState
from summit_scheduling.domain.timetable import Timetable

T = TypeVar("T")


class NumberTaken(Exception):
    """An edition has one timetable of each number."""


@dataclass(slots=True)
class Kept:
    """Everything a scheduling service remembers, by edition and name, in the order in which it came."""

    editions: dict[str, tuple[Edition, int]] = field(default_factory=dict)
    bilaterals: dict[tuple[str, str], Bilateral] = field(default_factory=dict)
    availabilities: dict[tuple[str, str], Availability] = field(default_factory=dict)
    timetables: dict[tuple[str, int], Timetable] = field(default_factory=dict)
    solves: dict[tuple[str, str], Solve] = field(default_factory=dict)
    rulings: dict[str, Rulings] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()

    def copy(self) -> "Kept":
        """The same, to be changed without changing this one."""
        return Kept(
            dict(self.editions),
            dict(self.bilaterals),
            dict(self.availabilities),
            dict(self.timetables),
            dict(self.solves),
            dict(self.rulings),
            self.facts,
        )


class InMemoryEditions:
    """The editions as registration published them last."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def get(self, edition_id: str) -> Edition | None:
        """The edition, or none."""
        edition, _ = self._kept.editions.get(edition_id, (None, 0))
        return edition

    async def hold(self, edition_id: str) -> Edition | None:
        """The same; one unit works at a time, so that it is held anyway."""
        return await self.get(edition_id)

    async def save(self, edition: Edition, revision: int) -> None:
        """It is as given, unless this or a higher revision is known already."""
        _, known = self._kept.editions.get(edition.edition_id, (None, 0))
        if known < revision:
            self._kept.editions[edition.edition_id] = edition, revision


class InMemoryBilaterals:
    """Every bilateral that was ever asked for or arranged, and what became of it."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def get(self, edition_id: str, bilateral_id: str) -> Bilateral | None:
        """The bilateral, or none."""
        return self._kept.bilaterals.get((edition_id, bilateral_id))

    async def hold(self, edition_id: str, bilateral_id: str) -> Bilateral | None:
        """The same; one unit works at a time, so that it is held anyway."""
        return await self.get(edition_id, bilateral_id)

    async def between(self, edition_id: str, parties: frozenset[str]) -> Sequence[Bilateral]:
        """Those of exactly these parties, in the order in which they came about."""
        return self._those(edition_id, lambda one: frozenset(one.parties) == parties)

    async def hold_between(self, edition_id: str, parties: frozenset[str]) -> Sequence[Bilateral]:
        """The same; one unit works at a time, so that it is held anyway."""
        return await self.between(edition_id, parties)

    async def hold_of(self, edition_id: str, party: str) -> Sequence[Bilateral]:
        """Those the party is part of, by id."""
        return _by_id(self._those(edition_id, lambda one: party in one.parties))

    async def hold_all(self, edition_id: str, statuses: frozenset[Status]) -> Sequence[Bilateral]:
        """Those in one of these states, by id."""
        return await self.all(edition_id, statuses)

    async def all(self, edition_id: str, statuses: frozenset[Status]) -> Sequence[Bilateral]:
        """Those in one of these states, by id."""
        return _by_id(self._those(edition_id, lambda one: one.status in statuses))

    async def marked(
        self, edition_id: str, statuses: frozenset[Status], known: Mapping[str, Marked[Bilateral]]
    ) -> Mapping[str, Marked[Bilateral]]:
        """The same, each with its mark; what is `known` under the mark that it has is not read again."""
        return _marked({one.bilateral_id: one for one in await self.all(edition_id, statuses)}, known)

    async def page(
        self, edition_id: str, *, party: str | None, after: str | None, limit: int
    ) -> Sequence[Bilateral]:
        """Up to `limit` bilaterals whose id stands behind `after`, in the order of ids; `party` none means of everybody."""
        rows = self._those(edition_id, lambda one: party is None or party in one.parties)
        return [one for one in _by_id(rows) if one.bilateral_id > (after or "")][:limit]

    async def save(self, *bilaterals: Bilateral) -> None:
        """They are as given."""
        self._kept.bilaterals.update({(one.edition_id, one.bilateral_id): one for one in bilaterals})

    def _those(self, edition_id: str, is_one: Callable[[Bilateral], bool]) -> list[Bilateral]:
        return [one for one in self._kept.bilaterals.values() if one.edition_id == edition_id and is_one(one)]


def _marked(found: Mapping[str, T], known: Mapping[str, Marked[T]]) -> Mapping[str, Marked[T]]:
    """Everything itself, written down, is its mark."""
    now = {key: Marked(repr(one), one) for key, one in found.items()}
    return {key: known[key] if known.get(key) == one else one for key, one in now.items()}


def _by_id(bilaterals: list[Bilateral]) -> list[Bilateral]:
    return sorted(bilaterals, key=lambda one: one.bilateral_id)


class InMemoryAvailabilities:
    """One per invitee and edition, from the first word about it on."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def get(self, edition_id: str, code: str) -> Availability | None:
        """The availability, or none where nothing is known."""
        return self._kept.availabilities.get((edition_id, code))

    async def hold(self, edition_id: str, code: str) -> Availability | None:
        """The same; one unit works at a time, so that it is held anyway."""
        return await self.get(edition_id, code)

    async def all(self, edition_id: str) -> Mapping[str, Availability]:
        """All that is known, by invitee code."""
        return {code: one for (of, code), one in self._kept.availabilities.items() if of == edition_id}

    async def marked(
        self, edition_id: str, known: Mapping[str, Marked[Availability]]
    ) -> Mapping[str, Marked[Availability]]:
        """The same, each with its mark; what is `known` under the mark that it has is not read again."""
        return _marked(await self.all(edition_id), known)

    async def save(self, availability: Availability) -> None:
        """It is as given."""
        self._kept.availabilities[availability.edition_id, availability.code] = availability


class InMemoryTimetables:
    """The published timetables: added, never altered."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def latest(self, edition_id: str, *, known: Timetable | None = None) -> Timetable | None:
        """The one that holds, or none; the one that is `known` where none was added since."""
        latest = max((number for of, number in self._kept.timetables if of == edition_id), default=0)
        if known and known.number == latest:
            return known
        return self._kept.timetables.get((edition_id, latest))

    async def numbered(self, edition_id: str, number: int) -> Timetable | None:
        """The one of this number, or none."""
        return self._kept.timetables.get((edition_id, number))

    async def page(self, edition_id: str, *, limit: int) -> Sequence[Timetable]:
        """Up to `limit` timetables, the newest first."""
        of_it = [one for (of, _), one in self._kept.timetables.items() if of == edition_id]
        return sorted(of_it, key=lambda one: -one.number)[:limit]

    async def plan_file(self, edition_id: str, number: int) -> PlanFile | None:
        """What the timetable of this number can be checked by, or none where nothing of the kind was kept."""
        found = self._kept.timetables.get((edition_id, number))
        return found.plan_file if found else None

    async def add(self, timetable: Timetable) -> None:
        """It is the latest, and its plan file is kept.

        Raises:
            NumberTaken: there is one of its number.
        """
        key = (timetable.edition_id, timetable.number)
        if key in self._kept.timetables:
            raise NumberTaken(f"{key[0]} has a timetable {key[1]}")
        self._kept.timetables[key] = timetable


class InMemorySolves:
    """Every request for a timetable, and what came of it."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def get(self, edition_id: str, solve_id: str) -> Solve | None:
        """The solve, or none."""
        return self._kept.solves.get((edition_id, solve_id))

    async def hold(self, edition_id: str, solve_id: str) -> Solve | None:
        """The same; one unit works at a time, so that it is held anyway."""
        return await self.get(edition_id, solve_id)

    async def hold_next(self, *, taken_before: datetime) -> Solve | None:
        """The oldest that waits, or whose worker was last heard of before this moment."""
        due = [
            one
            for one in self._kept.solves.values()
            if one.state is SolveState.WAITING
            or (one.state is SolveState.SOLVING and one.taken_at is not None and one.taken_at < taken_before)
        ]
        return min(due, key=lambda one: one.requested_at, default=None)

    async def page(self, edition_id: str, *, limit: int, what_ifs: bool = False) -> Sequence[Solve]:
        """Up to `limit` solves, the newest first: what-ifs alone, or all that are none."""
        of_it = [
            one
            for one in self._kept.solves.values()
            if one.edition_id == edition_id and (one.what_if is not None) is what_ifs
        ]
        return sorted(of_it, key=lambda one: (one.requested_at, one.solve_id), reverse=True)[:limit]

    async def save(self, solve: Solve) -> None:
        """It is as given."""
        self._kept.solves[solve.edition_id, solve.solve_id] = solve

    async def forget(self, edition_id: str, solve_id: str) -> None:
        """It never was."""
        self._kept.solves.pop((edition_id, solve_id), None)


class InMemoryRulings:
    """What the secretariat rules: one set per edition."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept

    async def get(self, edition_id: str) -> Rulings:
        """What is in force; an empty set before the first word."""
        return self._kept.rulings.get(edition_id) or Rulings(edition_id=edition_id)

    async def hold(self, edition_id: str) -> Rulings:
        """The same; one unit works at a time, so that it is held anyway."""
        return await self.get(edition_id)

    async def save(self, rulings: Rulings) -> None:
        """It is as given."""
        self._kept.rulings[rulings.edition_id] = rulings


class InMemoryUnit:
    """One transaction's places."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self.editions = InMemoryEditions(kept)
        self.bilaterals = InMemoryBilaterals(kept)
        self.availabilities = InMemoryAvailabilities(kept)
        self.timetables = InMemoryTimetables(kept)
        self.solves = InMemorySolves(kept)
        self.rulings = InMemoryRulings(kept)

    def stage(self, *facts: Fact) -> None:
        """These facts are published when the unit is left without an error."""
        self._kept.facts += facts

    async def mark(self, edition_id: str) -> str:
        """Everything itself, written down."""
        kept = self._kept
        whole = kept.editions.get(edition_id), kept.rulings.get(edition_id)
        parts = kept.bilaterals.items(), kept.availabilities.items(), kept.timetables.items()
        return repr((whole, [one for part in parts for key, one in part if key[0] == edition_id]))

    async def census(self, edition_id: str) -> Census:
        """The counts of an edition."""
        of_it = await self.bilaterals.all(edition_id, frozenset(Status))
        return Census(
            by_status=Counter(one.status for one in of_it),
            timetables=sum(of == edition_id for of, _ in self._kept.timetables),
        )


class InMemoryScheduling:
    """A scheduling service's whole memory."""

    def __init__(self) -> None:
        self._kept = Kept()
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0

    async def published(self) -> tuple[Fact, ...]:
        """The facts of the units that were committed, in order."""
        return self._kept.facts

    async def held_up(self) -> int:
        """How many units wait for the one that is at work."""
        return self._waiting

    @asynccontextmanager
    async def unit(self) -> AsyncIterator[InMemoryUnit]:
        """Becomes true when left without an error; otherwise nothing of it happened."""
        self._waiting += 1
        async with self._one_at_a_time:
            self._waiting -= 1
            kept = self._kept.copy()
            yield InMemoryUnit(kept)
            self._kept = kept
