"""Can all meetings of a problem be placed? Where they cannot, the prices of the relaxation prove it in whole numbers."""

from collections.abc import Iterable
from dataclasses import replace

from summit_scheduling.domain.obstacles import Ask, Said
from summit_scheduling.domain.occupied import Occupied
from summit_scheduling.domain.problem import Assignment
from summit_scheduling.solver.bound import Bound, Charges, charges_of, worth_at
from summit_scheduling.solver.model import Model, Row
from summit_scheduling.solver.rooms import name_rooms

_MOST_PROOFS = 4
"""To try one takes a tenth of what a linear programme takes."""


class Proofs:
    """What rows were charged when questions were proven impossible: a question close by is often impossible at the same charges."""

    def __init__(self) -> None:
        self._known: list[Charges] = []

    def prove(self, model: Model, needed: int) -> bool:
        """Whether charges known from before prove that no choice is worth as much as needed; the last one first."""
        return any(worth_at(model, charges) < needed for charges in reversed(self._known))

    def keep(self, charges: Charges) -> None:
        """They are known; of all, the last few are."""
        self._known = [*self._known[1 - _MOST_PROOFS :], charges]


def placed_as_well(ask: Ask, *, seed: int = 1, seconds: float = 10.0, proofs: Proofs | None = None) -> Said:
    """A plan that places every meeting, or none; tried in the order of effort: beside the others, proven impossible, searched.

    `proofs` is what earlier questions about the same meeting were proven impossible by.
    """
    plan = beside_the_others(ask)
    if plan:
        return Said(plan)
    # OR-tools takes most of a second to load, and is often not needed
    from summit_scheduling.solver.programme import choose, relax

    problem, model = ask.problem, _model_of(ask)
    proofs = proofs or Proofs()
    if len({column.meeting for column in model.columns}) < len(problem.meetings):
        return Said(None)
    if proofs.prove(model, len(problem.meetings)):
        return Said(None)
    relaxed = relax(model.weights, model.rows, seconds=seconds)
    if relaxed is None:
        return Said(None, is_certain=False)
    bound = Bound.of(model, relaxed.prices)
    if bound.weight < len(problem.meetings):
        proofs.keep(charges_of(model, relaxed.prices))
        return Said(None)
    among = bound.worth_trying(len(problem.meetings))
    chosen = choose(model.weights, model.rows, among, seed=seed, seconds=seconds)
    if chosen is None:
        return Said(None, is_certain=False)
    if model.weight_of(chosen.columns) < len(problem.meetings):
        return Said(None, is_certain=chosen.is_best or chosen.bound < len(problem.meetings))
    return Said(name_rooms(model, chosen.columns))


def beside_the_others(ask: Ask) -> tuple[Assignment, ...] | None:
    """Everything where it is, and the meeting in the first place that is free; none where there is none."""
    if set(ask.two_at_a_time) & ask.problem.limit_of.keys():
        return None  # who is somebody else is in no limit
    place = next(Occupied(ask.problem, ask.now).places(ask.apart), None)
    return (*ask.now, Assignment(ask.meeting, *place)) if place else None


def _model_of(ask: Ask) -> Model:
    """The model, in which these parties may be in another meeting while they are in this one."""
    model = Model.of(ask.problem)
    position = next(n for n, one in enumerate(ask.problem.meetings) if one.key == ask.meeting)
    its = {number for number, column in enumerate(model.columns) if column.meeting == position}
    free = frozenset(ask.two_at_a_time)
    return replace(model, rows=tuple(_freed(model.rows, its, free)))


def _freed(rows: Iterable[Row], its: set[int], free: frozenset[str]) -> Iterable[Row]:
    for row in rows:
        if any(kind == "party" and subject in free for kind, subject, _ in row.uses):
            yield Row(tuple(one for one in row.columns if one not in its), row.limit, uses=row.uses)
        else:
            yield row
