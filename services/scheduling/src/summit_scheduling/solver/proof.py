"""Closes the gap between the best plan and the bound, with linear programmes as far as they go and HiGHS for the rest."""

from collections.abc import Collection
from dataclasses import replace

from summit_scheduling.domain.aims import FAIRNESS, MOVES
from summit_scheduling.solver.bound import Bound
from summit_scheduling.solver.dive import Dive
from summit_scheduling.solver.model import Model, Row
from summit_scheduling.solver.programme import Chosen, Relaxed, choose, relax
from summit_scheduling.solver.rooms import name_rooms
from summit_scheduling.solver.settle import settle
from summit_scheduling.solver.stage import serving, staying, worths_of_serving, worths_of_staying
from summit_scheduling.solver.standing import Standing


def prove_all(standing: Standing) -> None:
    """Every stage is settled, or time is out."""
    problem = standing.problem
    every = model = Model.of(problem)
    bound = prove(standing, model)
    for aim, stage, worths in (
        (MOVES, staying, worths_of_staying),
        (FAIRNESS, serving, worths_of_serving),
    ):
        if aim.concerns(problem) and standing.left() > 0:
            model = as_good(model, standing, bound)
            model = replace(model, weights=worths(model))
            standing.enter(stage(problem))
            bound = prove(standing, model)
    settle(standing, every)


def as_good(model: Model, standing: Standing, bound: Bound | None) -> Model:
    """The model of the plans that are worth at least as much as the best so far, without the columns that none of them has."""
    worth = standing.value
    kept = bound.worth_trying(worth) if bound else range(len(model.columns))
    floor = Row(tuple(kept), -worth, tuple(-model.weights[column] for column in kept))
    smaller = model.only(kept)
    renumbered = replace(floor, columns=tuple(range(len(kept))))
    return replace(smaller, rows=(*smaller.rows, renumbered))


def prove(standing: Standing, model: Model) -> Bound | None:
    """The stage is settled, or time is out; with the bound of its relaxation, where there was need of one."""
    best_of: dict[int, int] = {}
    for column, weight in zip(model.columns, model.weights, strict=True):
        best_of[column.meeting] = max(best_of.get(column.meeting, 0), weight)
    standing.lower(sum(best_of.values()))
    relaxed = None
    if not standing.is_settled:
        relaxed = relax(model.weights, model.rows, seconds=standing.left())
    if relaxed is None:
        return None
    bound = Bound.of(model, relaxed.prices)
    standing.proven(bound)
    standing.say("bound")
    if not standing.is_settled:
        _dive(standing, model, relaxed, bound)
    if not standing.is_settled:
        _search(standing, model, bound, target=standing.bound)
    if not standing.is_settled:
        _search(standing, model, bound, target=standing.value + 1)
    return bound


def _dive(standing: Standing, model: Model, relaxed: Relaxed, bound: Bound) -> None:
    """Goes as far down as the bound can be reached, and has HiGHS complete what is left."""
    dive = Dive.down(model, relaxed, bound, left=standing.left)
    _take(standing, model, dive.kept)
    if not standing.is_settled:
        _choose(standing, model, dive.kept | dive.open)
    standing.lower(standing.bound)
    standing.say("dive")


def _search(standing: Standing, model: Model, bound: Bound, *, target: int) -> None:
    """Settles whether a plan of at least this worth exists, and which is best; unless time runs out."""
    chosen = _choose(standing, model, bound.worth_trying(target))
    if chosen:
        standing.lower(max(target - 1, standing.value, 0 if chosen.is_best else chosen.bound))
    standing.say("search")


def _choose(standing: Standing, model: Model, among: Collection[int]) -> Chosen | None:
    chosen = choose(model.weights, model.rows, among, seed=standing.seed, seconds=standing.left())
    if chosen and chosen.is_possible:
        _take(standing, model, chosen.columns)
    return chosen


def _take(standing: Standing, model: Model, columns: Collection[int]) -> None:
    if model.weight_of(columns) > standing.value:
        standing.improve(name_rooms(model, columns))
