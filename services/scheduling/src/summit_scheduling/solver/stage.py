"""What a solve is to be best at next, as a sum over columns: greater is better."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from summit_scheduling.domain.aims import FAIRNESS, MOVES, PINNED, WEIGHT, Aim, owed_to_small, small_parties
from summit_scheduling.domain.problem import Assignment, Problem
from summit_scheduling.solver.model import Model, first_of, stays, worth_of

Assignments = tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One thing to be best at, or two that are settled at once."""

    codes: tuple[str, ...]
    """The aims that it settles."""
    value_of: Callable[[Assignments], int]
    ceiling: int
    """No plan is worth more."""
    bounds: Callable[[int, int], Mapping[str, int]]
    """What a bound on the value, and the value reached, say about each aim."""


def placing(problem: Problem) -> Stage:
    """Pinned meetings first, then weight: being pinned counts more than all weights together."""
    first = first_of(problem)
    pinned = sum(meeting.is_fixed for meeting in problem.meetings)

    def value_of(plan: Assignments) -> int:
        return sum(worth_of(problem, problem.by_key[one.meeting]) for one in plan)

    def bounds(bound: int, value: int) -> Mapping[str, int]:
        is_known = (
            bound // first == value // first
        )  # else the weight left beside the pinned ones is anybody's guess
        weight = {WEIGHT.code: bound % first if is_known else problem.weight_of_all}
        return weight | ({PINNED.code: bound // first} if pinned else {})

    codes = (PINNED.code, WEIGHT.code) if pinned else (WEIGHT.code,)
    return Stage(codes, value_of, pinned * first + problem.weight_of_all, bounds)


def staying(problem: Problem) -> Stage:
    """As many meetings as can be are where they were published."""
    before = frozenset(problem.published)
    return Stage(
        (MOVES.code,),
        lambda plan: len(before.intersection(plan)),
        len(problem.can_stay),
        lambda bound, _: {MOVES.code: len(before) - bound},
    )


def serving(problem: Problem) -> Stage:
    """As many meetings of small delegations as can be are placed."""
    owed = owed_to_small(problem)
    return Stage(
        (FAIRNESS.code,),
        lambda plan: owed - FAIRNESS.count(problem, plan),
        owed,
        lambda bound, _: {FAIRNESS.code: owed - bound},
    )


def lessening(problem: Problem, aim: Aim) -> Stage:
    """As few as can be of what the aim counts."""
    return Stage(
        (aim.code,),
        lambda plan: -aim.count(problem, plan),
        -aim.best(problem),
        lambda bound, _: {aim.code: -bound},
    )


def worths_of_serving(model: Model) -> tuple[int, ...]:
    """For each column, how many small delegations are in its meeting."""
    of_meeting = [small_parties(model.problem, one.key) for one in model.problem.meetings]
    return tuple(of_meeting[column.meeting] for column in model.columns)


def worths_of_staying(model: Model) -> tuple[int, ...]:
    """1 for each column that is a place as published."""
    return tuple(int(stays(model.problem, model.classes, column)) for column in model.columns)
