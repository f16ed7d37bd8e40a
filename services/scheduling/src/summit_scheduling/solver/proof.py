"""Closes the gap between the best plan and the bound, with linear programmes as far as they go and HiGHS for the rest."""

from collections.abc import Collection

from summit_scheduling.solver.bound import Bound
from summit_scheduling.solver.dive import Dive
from summit_scheduling.solver.model import Model
from summit_scheduling.solver.programme import Chosen, Relaxed, choose, relax
from summit_scheduling.solver.rooms import name_rooms
from summit_scheduling.solver.standing import Standing


def prove(standing: Standing) -> None:
    """The standing is settled, or time is out; and its best plan has its rooms named well."""
    model = Model.of(standing.problem)
    first = standing.best
    _close_the_gap(standing, model)
    if standing.best == first:  # the first plan took rooms as they came
        standing.rename(name_rooms(model, model.columns_of(first)))


def _close_the_gap(standing: Standing, model: Model) -> None:
    somewhere = {column.meeting for column in model.columns}
    standing.lower(sum(standing.problem.meetings[meeting].weight for meeting in somewhere))
    relaxed = None
    if not standing.is_settled:
        relaxed = relax(model.weights, model.rows, seconds=standing.left())
    if relaxed is None:
        return
    bound = Bound.of(model, relaxed.prices)
    standing.lower(bound.weight)
    standing.say("bound")
    if not standing.is_settled:
        _dive(standing, model, relaxed, bound)
    if not standing.is_settled:
        _search(standing, model, bound, target=standing.bound)
    if not standing.is_settled:
        _search(standing, model, bound, target=standing.weight + 1)


def _dive(standing: Standing, model: Model, relaxed: Relaxed, bound: Bound) -> None:
    """Goes as far down as the bound can be reached, and has HiGHS complete what is left."""
    dive = Dive.down(model, relaxed, bound, left=standing.left)
    _take(standing, model, dive.kept)
    if not standing.is_settled:
        _choose(standing, model, dive.kept | dive.open)
    standing.say("dive")


def _search(standing: Standing, model: Model, bound: Bound, *, target: int) -> None:
    """Settles whether a plan of at least this weight exists, and which is best; unless time runs out."""
    chosen = _choose(standing, model, bound.worth_trying(target))
    if chosen:
        standing.lower(max(target - 1, standing.weight, 0 if chosen.is_best else chosen.bound))
    standing.say("search")


def _choose(standing: Standing, model: Model, among: Collection[int]) -> Chosen | None:
    chosen = choose(model.weights, model.rows, among, seed=standing.seed, seconds=standing.left())
    if chosen:
        _take(standing, model, chosen.columns)
    return chosen


def _take(standing: Standing, model: Model, columns: Collection[int]) -> None:
    if model.weight_of(columns) > standing.weight:
        standing.improve(name_rooms(model, columns))
