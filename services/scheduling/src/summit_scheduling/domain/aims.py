"""What a timetable is best at, in order: each aim is settled before the next is looked at.

An aim is a whole number that anybody can count from the problem and the plan. Where fewer is better, `gain` is the count below 0,
so that plans compare by the tuple of their gains.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from summit_scheduling.domain.fairness import SMALL
from summit_scheduling.domain.problem import Assignment, Problem

Plan = tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Aim:
    """One thing to be best at."""

    code: str
    """What a certificate calls it."""
    count: Callable[[Problem, Plan], int]
    """How much of it a plan has."""
    best: Callable[[Problem], int]
    """What no plan can surpass, without any proof."""
    is_fewer_better: bool = False
    concerns: Callable[[Problem], bool] = lambda _: True
    """Whether the problem has anything of the kind."""

    def gain(self, problem: Problem, plan: Plan) -> int:
        """How good the plan is at it: more is better."""
        count = self.count(problem, plan)
        return -count if self.is_fewer_better else count


def _has_meetings(problem: Problem) -> bool:
    return len(problem.meetings) > 0


def _pinned(problem: Problem, plan: Plan) -> int:
    return sum(problem.by_key[one.meeting].is_fixed for one in plan)


def _moves(problem: Problem, plan: Plan) -> int:
    return len(problem.published) - len(set(plan) & set(problem.published))


def _given_up(problem: Problem, plan: Plan) -> int:
    return owed_to_small(problem) - sum(small_parties(problem, one.meeting) for one in plan)


def small_parties(problem: Problem, key: str) -> int:
    """How many parties of the meeting are delegations of little demand."""
    return sum(problem.classes.get(party) == SMALL for party in problem.by_key[key].parties)


def owed_to_small(problem: Problem) -> int:
    """How many meetings delegations of little demand have agreed, counted for each of them."""
    return sum(small_parties(problem, one.key) for one in problem.meetings)


def idle_periods(problem: Problem, plan: Iterable[Assignment]) -> Mapping[str, int]:
    """For each party of the plan, its stretches without a meeting between two of its meetings on one day."""
    busy: dict[str, set[int]] = defaultdict(set)
    for one in plan:
        meeting = problem.by_key[one.meeting]
        for party in meeting.parties:
            busy[party].update(meeting.run(one.slot))
    days = problem.days
    return {
        party: sum(
            later > earlier + 1 and days[earlier] == days[later] for earlier, later in pairwise(sorted(slots))
        )
        for party, slots in busy.items()
    }


def room_changes(problem: Problem, plan: Iterable[Assignment]) -> Mapping[str, int]:
    """For each party of the plan, how often its next meeting on the same day is in another room."""
    seen: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for one in plan:
        for party in problem.by_key[one.meeting].parties:
            seen[party].append((one.slot, one.room))
    return {
        party: sum(
            room != other and problem.days[earlier] == problem.days[later]
            for (earlier, room), (later, other) in pairwise(sorted(places))
        )
        for party, places in seen.items()
    }


def _idle_periods(problem: Problem, plan: Plan) -> int:
    return sum(idle_periods(problem, plan).values())


def _room_changes(problem: Problem, plan: Plan) -> int:
    return sum(room_changes(problem, plan).values())


def _summed_starts(_problem: Problem, plan: Plan) -> int:
    return sum(one.slot for one in plan)


PINNED: Final = Aim(
    "pinned",
    _pinned,
    lambda problem: sum(one.is_fixed for one in problem.meetings),
    concerns=lambda problem: any(one.is_fixed for one in problem.meetings),
)
"""Pinned and frozen meetings that have their place."""
WEIGHT: Final = Aim(
    "weight", lambda problem, plan: problem.weight_of(plan), lambda problem: problem.weight_of_all
)
"""The summed weight of what is placed."""
MOVES: Final = Aim(
    "moves",
    _moves,
    lambda problem: len(problem.published) - len(problem.can_stay),
    is_fewer_better=True,
    concerns=lambda problem: bool(problem.published),
)
"""Meetings that are not in the slot and the room in which they were published."""
FAIRNESS: Final = Aim(
    "fairness",
    _given_up,
    lambda _: 0,
    is_fewer_better=True,
    concerns=lambda problem: SMALL in problem.classes.values(),
)
"""No small delegation pays for a large one: of plans as good so far, one that leaves out the fewest meetings of delegations of
little demand, counted for each of them.

Source: equality of the Members whatever their size, Charter of the United Nations, Article 2 (1); that whoever has least goes
first among what is else equally good is the difference principle (Rawls, A Theory of Justice, 1971, section 13).
"""
GAPS: Final = Aim("gaps", _idle_periods, lambda _: 0, is_fewer_better=True, concerns=_has_meetings)
"""Stretches without a meeting between two meetings of one party on one day, summed over parties; each counts once, however long."""
ROOM_CHANGES: Final = Aim(
    "room_changes", _room_changes, lambda _: 0, is_fewer_better=True, concerns=_has_meetings
)
"""How often a party's next meeting on the same day is in another room, summed over parties."""
EARLINESS: Final = Aim("earliness", _summed_starts, lambda _: 0, is_fewer_better=True, concerns=_has_meetings)
"""The numbers of the slots in which meetings begin, counted from 0 and summed: less is earlier."""

ORDER: Final = (PINNED, WEIGHT, MOVES, FAIRNESS, GAPS, ROOM_CHANGES, EARLINESS)
"""From `gaps` on, a bound is about plans that place the same meetings and, in a repair, leave the same ones where they were."""


def aims_of(problem: Problem) -> tuple[Aim, ...]:
    """The aims that the problem has anything for, in order."""
    return tuple(aim for aim in ORDER if aim.concerns(problem))


def gains(problem: Problem, plan: Iterable[Assignment]) -> tuple[int, ...]:
    """How good the plan is at each aim, in order: the greater tuple is the better plan."""
    placed = tuple(plan)
    return tuple(aim.gain(problem, placed) for aim in ORDER)
