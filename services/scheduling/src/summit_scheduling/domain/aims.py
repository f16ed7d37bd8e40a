"""What a timetable is best at, in order: each aim is settled before the next is looked at.

An aim is a whole number that anybody can count from the problem and the plan. Where fewer is better, `gain` is the count below 0,
so that plans compare by the tuple of their gains.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

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


def _pinned(problem: Problem, plan: Plan) -> int:
    return sum(problem.by_key[one.meeting].is_fixed for one in plan)


def _moves(problem: Problem, plan: Plan) -> int:
    return len(problem.published) - len(set(plan) & set(problem.published))


def _least_share(problem: Problem, plan: Plan) -> int:
    placed = Counter(class_of for one in plan for class_of in demand_classes(problem, one.meeting))
    agreed = agreed_by_class(problem)
    return min((100 * placed[each] // wished for each, wished in agreed.items()), default=100)


def demand_classes(problem: Problem, key: str) -> tuple[str, ...]:
    """The demand class of each party of the meeting that has one."""
    return tuple(problem.classes[party] for party in problem.by_key[key].parties if party in problem.classes)


def agreed_by_class(problem: Problem) -> Counter[str]:
    """How many meetings the parties of each class have agreed; a meeting counts for each of its parties."""
    return Counter(each for one in problem.meetings for each in demand_classes(problem, one.key))


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
    "fairness", _least_share, lambda _: 100, concerns=lambda problem: len(problem.classes) > 0
)
"""The least share placed of what was agreed, over the demand classes, in whole per cents."""

ORDER: Final = (PINNED, WEIGHT, MOVES)


def aims_of(problem: Problem) -> tuple[Aim, ...]:
    """The aims that the problem has anything for, in order."""
    return tuple(aim for aim in ORDER if aim.concerns(problem))


def gains(problem: Problem, plan: Iterable[Assignment]) -> tuple[int, ...]:
    """How good the plan is at each aim, in order: the greater tuple is the better plan."""
    placed = tuple(plan)
    return tuple(aim.gain(problem, placed) for aim in ORDER)
