"""From the linear relaxation down to a whole plan: keep what it is nearly sure of, solve what is left, and so on.

Every round keeps the columns of which the relaxation chooses the larger part, closes what they exclude, and solves the rest
anew, as long as the rest can still reach the bound. Three or four rounds, each a fraction of the one before, usually end in a
plan that is worth as much as the bound: that is the proof.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from summit_scheduling.solver.bound import Bound
from summit_scheduling.solver.model import Model, Row
from summit_scheduling.solver.programme import Relaxed, Simplex, relax

_NEARLY_SURE = 0.7
"""Two columns of one row cannot both have more than half; measured: 0.7 needs half the time of 0.9 and misses no more often."""
_TOLERANCE = 1e-6
_LESS_THAN_ONE = 0.5
"""Worths are whole numbers."""


@dataclass
class Dive:
    """The columns kept so far and those still open; together they may contain a plan as good as the bound."""

    model: Model
    kept: set[int] = field(default_factory=set)
    open: set[int] = field(default_factory=set)

    @classmethod
    def down(
        cls, model: Model, relaxed: Relaxed, bound: Bound, *, left: Callable[[], float], by: Simplex
    ) -> "Dive":
        """The state when everything is decided, or when the next step would miss the bound or time is out."""
        dive = cls(model, set(), set(bound.worth_trying(bound.weight)))
        shares: Mapping[int, float] = dict(enumerate(relaxed.shares))
        while dive.open:
            deeper = dive.keeping(shares)
            columns = sorted(deeper.open)
            weights = [model.weights[one] for one in columns]
            rest = relax(weights, deeper.rows_left(columns), seconds=left(), by=by)
            if rest is None or len(deeper.kept) == len(dive.kept):
                break
            shares = dict(zip(columns, rest.shares, strict=True))
            worth = sum(model.weights[one] * share for one, share in shares.items())
            if model.weight_of(deeper.kept) + worth < bound.weight - min(
                _TOLERANCE * bound.weight, _LESS_THAN_ONE
            ):
                break
            dive = deeper
        return dive

    def keeping(self, shares: Mapping[int, float]) -> "Dive":
        """The state after keeping what is nearly sure, the surest first."""
        deeper = Dive(self.model, set(self.kept), set(self.open))
        likely = [one for one in self.open if shares.get(one, 0.0) > _NEARLY_SURE]
        for column in sorted(likely, key=lambda one: (-round(shares[one], 6), one)):
            if column in deeper.open:
                deeper._keep(column)
        return deeper

    def _keep(self, column: int) -> None:
        self.kept.add(column)
        self.open.discard(column)
        for row in self.model.rows_of[column]:
            if len(self.kept.intersection(row.columns)) >= row.limit:
                self.open.difference_update(row.columns)

    def rows_left(self, columns: list[int]) -> list[Row]:
        """What still binds the open columns, which are renumbered in their order."""
        place = {column: number for number, column in enumerate(columns)}
        rows = []
        for row in self.model.rows:
            inside = tuple(place[one] for one in row.columns if one in place)
            limit = row.limit - len(self.kept.intersection(row.columns))
            if len(inside) > limit:
                rows.append(Row(inside, limit))
        return rows
