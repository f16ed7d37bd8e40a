"""Closes the gap between the best plan and the bound, with linear programmes as far as they go and HiGHS for the rest."""

from collections.abc import Collection
from dataclasses import replace
from functools import reduce

from summit_scheduling.domain.aims import FAIRNESS, MOVES, WEIGHT
from summit_scheduling.solver.bound import Bound
from summit_scheduling.solver.dive import Dive
from summit_scheduling.solver.model import Model
from summit_scheduling.solver.programme import Chosen, Relaxed, Simplex, choose, relax
from summit_scheduling.solver.rooms import name_rooms
from summit_scheduling.solver.settle import settle
from summit_scheduling.solver.stage import in_order, placing, serving, staying
from summit_scheduling.solver.standing import Standing

_AT_ONCE = 2


def prove_all(standing: Standing) -> None:
    """Every stage is settled, or time is out.

    The first two are tried at once: prices that prove the sum prove both, and the relaxation is whole more often. Where that
    does not succeed, and for what comes after, each stage is added to those before it.
    """
    problem = standing.problem
    every = Model.of(problem)
    stages = [
        stage(problem)
        for aim, stage in ((WEIGHT, placing), (MOVES, staying), (FAIRNESS, serving))
        if aim.concerns(problem)
    ]
    standing.enter(reduce(in_order, stages[:_AT_ONCE]))
    bound, model = approach(standing, every)
    done = _AT_ONCE
    if not standing.is_settled:
        bound, model, done = None, every, 0
    for number in range(done, len(stages)):
        if standing.left() <= 0:
            break
        model = as_good(model, standing, bound)
        standing.enter(reduce(in_order, stages[: number + 1]))
        bound, model = prove(standing, model)
    settle(standing, every)


def as_good(model: Model, standing: Standing, bound: Bound | None) -> Model:
    """The model without the columns that no plan at least as good as the best so far contains."""
    return model.only(bound.worth_trying(standing.value)) if bound else model


def prove(standing: Standing, model: Model) -> tuple[Bound | None, Model]:
    """The stage is settled by all means, or time is out; with the bound of its relaxation, where there was need of one."""
    bound, model = approach(standing, model)
    if bound and not standing.is_settled:
        _search(standing, model, bound, target=standing.bound)
    if bound and not standing.is_settled:
        _search(standing, model, bound, target=standing.value + 1)
    return bound, model


def approach(standing: Standing, model: Model) -> tuple[Bound | None, Model]:
    """As near to the bound of the relaxation as linear programmes come; with that bound, and the model of the stage's worths."""
    model = replace(model, weights=standing.stage.worths(model))
    best_of: dict[int, int] = {}
    for column, weight in zip(model.columns, model.weights, strict=True):
        best_of[column.meeting] = max(best_of.get(column.meeting, 0), weight)
    standing.lower(sum(best_of.values()))
    relaxed = None
    if not standing.is_settled:
        relaxed = relax(model.weights, model.rows, seconds=standing.left(), by=_simplex(model))
    if relaxed is None:
        return None, model
    bound = Bound.of(model, relaxed.prices)
    standing.proven(bound)
    standing.say("bound")
    if not standing.is_settled:
        _dive(standing, model, relaxed, bound)
    return bound, model


def _simplex(model: Model) -> Simplex:
    """Measured: in a repair HiGHS is 1 to 15 times as fast as GLOP, from nothing GLOP is twice as fast as HiGHS."""
    return Simplex.HIGHS if model.problem.published else Simplex.GLOP


def _dive(standing: Standing, model: Model, relaxed: Relaxed, bound: Bound) -> None:
    """Goes as far down as the bound can be reached, and has HiGHS complete what is left."""
    dive = Dive.down(model, relaxed, bound, left=standing.left, by=_simplex(model))
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
