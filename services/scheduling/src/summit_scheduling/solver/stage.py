"""What a solve is to be best at next, as a sum over columns: greater is better."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from summit_scheduling.domain.aims import FAIRNESS, MOVES, PINNED, WEIGHT, Aim, owed_to_small, small_parties
from summit_scheduling.domain.problem import Assignment, Problem
from summit_scheduling.solver.model import Model, stays

Assignments = tuple[Assignment, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One thing to be best at, or several that are settled at once, in order."""

    codes: tuple[str, ...]
    """The aims that it settles."""
    value_of: Callable[[Assignments], int]
    ceiling: int
    """No plan is worth more."""
    bounds: Callable[[int, int], Mapping[str, int]]
    """What a bound on the value, and the value reached, say about each aim."""
    worths: Callable[[Model], tuple[int, ...]] = lambda _: ()
    """What each column adds to the value; of no use where the value is no sum over columns."""


def in_order(first: Stage, second: Stage) -> Stage:
    """The first, and among plans as good at it the second: one step of the first is worth more than all of the second."""
    step = second.ceiling + 1

    def bounds(bound: int, value: int) -> Mapping[str, int]:
        is_known = bound // step == value // step  # else what is left for the second is anybody's guess
        rest = bound % step if is_known else second.ceiling
        return {**first.bounds(bound // step, value // step), **second.bounds(rest, value % step)}

    def worths(model: Model) -> tuple[int, ...]:
        both = zip(first.worths(model), second.worths(model), strict=True)
        return tuple(one * step + other for one, other in both)

    return Stage(
        (*first.codes, *second.codes),
        lambda plan: first.value_of(plan) * step + second.value_of(plan),
        first.ceiling * step + second.ceiling,
        bounds,
        worths,
    )


def placing(problem: Problem) -> Stage:
    """Pinned meetings first, then weight: being pinned counts more than all weights together."""
    weighing = Stage(
        (WEIGHT.code,),
        problem.weight_of,
        problem.weight_of_all,
        lambda bound, _: {WEIGHT.code: bound},
        lambda model: tuple(problem.meetings[one.meeting].weight for one in model.columns),
    )
    pinning = Stage(
        (PINNED.code,),
        lambda plan: PINNED.count(problem, plan),
        PINNED.best(problem),
        lambda bound, _: {PINNED.code: bound},
        lambda model: tuple(int(problem.meetings[one.meeting].is_fixed) for one in model.columns),
    )
    return in_order(pinning, weighing) if PINNED.concerns(problem) else weighing


def staying(problem: Problem) -> Stage:
    """As many meetings as can be are where they were published."""
    before = frozenset(problem.published)
    return Stage(
        (MOVES.code,),
        lambda plan: len(before.intersection(plan)),
        len(problem.can_stay),
        lambda bound, _: {MOVES.code: len(before) - bound},
        lambda model: tuple(int(stays(problem, model.classes, column)) for column in model.columns),
    )


def serving(problem: Problem) -> Stage:
    """As many meetings of small delegations as can be are placed."""
    owed = owed_to_small(problem)
    of_meeting = [small_parties(problem, one.key) for one in problem.meetings]
    return Stage(
        (FAIRNESS.code,),
        lambda plan: owed - FAIRNESS.count(problem, plan),
        owed,
        lambda bound, _: {FAIRNESS.code: owed - bound},
        lambda model: tuple(of_meeting[column.meeting] for column in model.columns),
    )


def lessening(problem: Problem, aim: Aim) -> Stage:
    """As few as can be of what the aim counts."""
    return Stage(
        (aim.code,),
        lambda plan: -aim.count(problem, plan),
        -aim.best(problem),
        lambda bound, _: {aim.code: -bound},
    )
