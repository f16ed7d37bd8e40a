"""What a timetable is worth at each aim, counted again, and whether the certificate says the same."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from summit_verifier.parts import Level, Meeting, Place, PlanFile
from summit_verifier.rules import Broken

Step = tuple[str, Place, Place]
"""A party, a meeting of it, and its next one on the same day."""


@dataclass(frozen=True, slots=True)
class Aim:
    """One thing to be best at."""

    count: Callable[[PlanFile], int]
    is_fewer_better: bool = False
    concerns: Callable[[PlanFile], bool] = lambda _: True
    """Whether the input has anything of the kind."""


def pinned(plan: PlanFile) -> int:
    """How many pinned and frozen meetings have a place."""
    return sum(plan.meetings[one.meeting].is_fixed for one in plan.places)


def weight(plan: PlanFile) -> int:
    """The summed weight of what is placed."""
    return sum(plan.meetings[one.meeting].weight for one in plan.places)


def moves(plan: PlanFile) -> int:
    """How many meetings that were published are not exactly where they were."""
    return len(plan.published) - len(set(plan.places) & set(plan.published.values()))


def left_out_of_the_small(plan: PlanFile) -> int:
    """How many meetings delegations of little demand have agreed and do not have, counted for each of them."""
    held = {one.meeting for one in plan.places}
    return sum(of_the_small(plan, meeting) for key, meeting in plan.meetings.items() if key not in held)


def of_the_small(plan: PlanFile, meeting: Meeting) -> int:
    """How many parties of the meeting are delegations of little demand."""
    return sum(plan.classes.get(party) == "little" for party in meeting.parties)


def gaps(plan: PlanFile) -> int:
    """How many stretches without a meeting lie between two of one party's meetings on one day, summed over parties."""
    return sum(1 for _ in waits(plan))


def room_changes(plan: PlanFile) -> int:
    """How often a party's next meeting on the same day is in another room, summed over parties."""
    return sum(first.room != then.room for _, first, then in steps(plan))


def summed_starts(plan: PlanFile) -> int:
    """The numbers of the slots in which meetings begin, summed."""
    return sum(one.slot for one in plan.places)


def waits(plan: PlanFile) -> Iterator[Step]:
    """The steps between which the party is idle."""
    for party, first, then in steps(plan):
        if first.slot + plan.meetings[first.meeting].length < then.slot:
            yield party, first, then


def steps(plan: PlanFile) -> Iterator[Step]:
    """For each party, each of its meetings with the next one on the same day."""
    of_party: dict[str, list[Place]] = {}
    for one in sorted(plan.places, key=lambda place: place.slot):
        for party in plan.meetings[one.meeting].parties:
            of_party.setdefault(party, []).append(one)
    for party, places in of_party.items():
        for first, then in pairwise(places):
            if plan.slots[first.slot].day == plan.slots[then.slot].day:
                yield party, first, then


AIMS: Final[Mapping[str, Aim]] = {
    "pinned": Aim(pinned, concerns=lambda plan: any(one.is_fixed for one in plan.meetings.values())),
    "weight": Aim(weight),
    "moves": Aim(moves, is_fewer_better=True, concerns=lambda plan: bool(plan.published)),
    "fairness": Aim(
        left_out_of_the_small,
        is_fewer_better=True,
        concerns=lambda plan: "little" in plan.classes.values(),
    ),
    "gaps": Aim(gaps, is_fewer_better=True, concerns=lambda plan: bool(plan.meetings)),
    "room_changes": Aim(room_changes, is_fewer_better=True, concerns=lambda plan: bool(plan.meetings)),
    "earliness": Aim(summed_starts, is_fewer_better=True, concerns=lambda plan: bool(plan.meetings)),
}
"""In the order in which they are settled."""


def wrong_values(plan: PlanFile) -> Iterator[Broken]:
    """What the certificate says the plan is worth, and is not so."""
    said = plan.certificate
    worth = weight(plan)
    if said.objective != worth:
        yield _false("objective", f"it says {said.objective}, the placed weight is {worth}")
    expected = [code for code, aim in AIMS.items() if aim.concerns(plan)]
    codes = [level.code for level in said.levels]
    if said.levels and codes != expected:
        yield _false("levels", f"it has {', '.join(codes)}; the input has {', '.join(expected)}")
    for level in said.levels:
        if level.code in AIMS and level.objective != (count := AIMS[level.code].count(plan)):
            yield _false(level.code, f"it says {level.objective}, it is {count}")


def wrong_bounds(plan: PlanFile) -> Iterator[Broken]:
    """What the certificate says no plan surpasses, and this very plan does, or which it contradicts itself about."""
    said = plan.certificate
    if said.objective > said.bound:
        yield _false("bound", f"{said.objective} is placed and the bound is {said.bound}")
    if said.status not in ("optimal", "feasible"):
        yield _false("status", f"{said.status} is no status")
    elif (said.status == "optimal") != (said.objective == said.bound):
        yield _false("status", f"{said.status}, with {said.objective} of {said.bound}")
    for level in said.levels:
        if level.code == "weight" and (level.objective, level.bound) != (said.objective, said.bound):
            yield _false("weight", "the level and the certificate differ")
        if _surpasses(level):
            yield _false(level.code, f"{level.objective} is better than the bound {level.bound}")


def shares(plan: PlanFile) -> Mapping[str, int]:
    """For each demand class, the whole per cents of what its parties agreed that is placed."""
    agreed, placed = Counter[str](), Counter[str]()
    held = {one.meeting for one in plan.places}
    for key, meeting in plan.meetings.items():
        of_classes = [plan.classes[party] for party in meeting.parties if party in plan.classes]
        agreed.update(of_classes)
        placed.update(of_classes if key in held else ())
    return {each: 100 * placed[each] // count for each, count in agreed.items()}


def _surpasses(level: Level) -> bool:
    aim = AIMS.get(level.code)
    if aim is None:
        return False
    return level.objective < level.bound if aim.is_fewer_better else level.objective > level.bound


def _false(place: str, said: str) -> Broken:
    return Broken("certificate", "certificate", place, said)
