"""Heavy-tailed demand for bilaterals at summit size: a few States are asked by everybody. Seeded and pure.

Source: the two generator families described in docs/algorithms/timetable.md. Family A misses little of the summit;
family B is harder: flatter popularity, and more than half of the delegations come late, leave early or stay a day.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from random import Random

from summit_scheduling.domain.problem import Meeting, OpenRoom, Problem

WEIGHTS = {1: 16, 2: 4, 3: 1}
_PRIORITIES, _ODDS = (1, 2, 3), (0.15, 0.35, 0.50)
_SLOT, _GAP = timedelta(minutes=20), timedelta(minutes=10)
_FIRST_DAY = datetime(2022, 8, 31, 13, tzinfo=UTC)


class Family(StrEnum):
    """Which of the two generators."""

    A = "A"
    B = "B"


@dataclass(frozen=True, slots=True)
class Wish:
    """One delegation asks another for a bilateral."""

    asker: str
    asked: str
    priority: int
    """1 must, 2 should, 3 could."""


@dataclass(frozen=True, slots=True)
class Demand:
    """Who wants to meet whom, who cannot come when, and how many rooms there are."""

    delegations: tuple[str, ...]
    slots: int
    """Over all days."""
    slots_per_day: int
    rooms: int
    unavailable: dict[str, frozenset[int]]
    """The slots in which a delegation cannot be met."""
    wishes: tuple[Wish, ...]
    """In the order in which they came in; no pair occurs twice."""

    def with_rooms(self, rooms: int) -> "Demand":
        """The same demand met by another number of rooms."""
        return replace(self, rooms=rooms)

    def problem(self) -> Problem:
        """The demand as a solver sees it, had everybody said yes: meetings of one slot, rooms of one size."""
        times = tuple(_slot_times(number, self.slots_per_day) for number in range(self.slots))
        everywhere = frozenset(range(self.slots))
        rooms = tuple(OpenRoom(f"R{number:03}", 8, everywhere) for number in range(1, self.rooms + 1))
        meetings = tuple(
            Meeting(
                key=f"M{number:05}",
                parties=(wish.asker, wish.asked),
                weight=WEIGHTS[wish.priority],
                seats=8,
                length=1,
                starts=tuple(
                    sorted(everywhere - self.unavailable[wish.asker] - self.unavailable[wish.asked])
                ),
            )
            for number, wish in enumerate(self.wishes, start=1)
        )
        return Problem("generated", times, rooms, meetings)


def demand(
    family: Family,
    *,
    seed: int,
    wishes: int,
    rooms: int,
    delegations: int = 200,
    days: int = 2,
    slots_per_day: int = 16,
) -> Demand:
    """A demand of this family; the same arguments give the same demand, on every machine.

    Raises:
        ValueError: more wishes than there are pairs of delegations.
    """
    if wishes > delegations * (delegations - 1) // 2:
        raise ValueError(f"{delegations} delegations do not make {wishes} pairs")
    chance = Random(f"{family}/{seed}/{delegations}/{days}/{slots_per_day}")
    codes = tuple(f"D{number:03}" for number in range(1, delegations + 1))
    absent = _absences_a if family is Family.A else _absences_b
    unavailable = {code: absent(chance, days, slots_per_day) for code in codes}
    exponent = 0.9 if family is Family.A else 0.75
    return Demand(
        delegations=codes,
        slots=days * slots_per_day,
        slots_per_day=slots_per_day,
        rooms=rooms,
        unavailable=unavailable,
        wishes=_wishes(chance, codes, wishes, exponent),
    )


def _wishes(chance: Random, codes: tuple[str, ...], count: int, exponent: float) -> tuple[Wish, ...]:
    ranked = chance.sample(codes, len(codes))
    popularity = list(accumulate((place + 1) ** -exponent for place in range(len(ranked))))
    zeal = list(accumulate(chance.lognormvariate(0, 0.8) for _ in codes))
    found: dict[frozenset[str], Wish] = {}
    while len(found) < count:
        asker = chance.choices(codes, cum_weights=zeal)[0]
        asked = chance.choices(ranked, cum_weights=popularity)[0]
        pair = frozenset((asker, asked))
        if len(pair) == 2 and pair not in found:
            found[pair] = Wish(asker, asked, chance.choices(_PRIORITIES, _ODDS)[0])
    return tuple(found.values())


def _absences_a(chance: Random, days: int, slots_per_day: int) -> frozenset[int]:
    missed = _stretches(chance, days, slots_per_day, chance.randint(1, 3))
    if chance.random() < 0.15:
        half = slots_per_day // 2
        start = chance.randrange(days) * slots_per_day + chance.randrange(2) * half
        missed |= set(range(start, start + half))
    return frozenset(missed)


def _absences_b(chance: Random, days: int, slots_per_day: int) -> frozenset[int]:
    missed = _stretches(chance, days, slots_per_day, chance.randint(1, 2))
    last, kind = days * slots_per_day, chance.random()
    if kind < 1 / 4:
        day = chance.randrange(days)
        missed |= set(range(last)) - set(range(day * slots_per_day, (day + 1) * slots_per_day))
    elif kind < 1 / 4 + 1 / 3:
        span = chance.randint(slots_per_day // 4, slots_per_day)
        missed |= set(range(span)) if chance.random() < 0.5 else set(range(last - span, last))
    return frozenset(missed)


def _stretches(chance: Random, days: int, slots_per_day: int, count: int) -> set[int]:
    missed: set[int] = set()
    for _ in range(count):
        span = chance.randint(2, 4)
        start = chance.randrange(days) * slots_per_day + chance.randint(0, slots_per_day - span)
        missed |= set(range(start, start + span))
    return missed


def _slot_times(number: int, slots_per_day: int) -> tuple[datetime, datetime]:
    day, place = divmod(number, slots_per_day)
    start = _FIRST_DAY + timedelta(days=day) + place * (_SLOT + _GAP)
    return start, start + _SLOT
