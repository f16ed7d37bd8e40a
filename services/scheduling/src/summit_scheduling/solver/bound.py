"""A bound that does not trust floating point: prices come from the linear relaxation, the proof is made in whole numbers.

Whatever prices of 0 or more one puts on the rows, no choice of columns is worth more than all limits at their prices plus, for
each column whose weight exceeds what its rows charge for it, the excess (weak duality; a column is chosen at most once).
So prices may be rounded as one likes, and the sum is exact.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from summit_scheduling.domain.plan import Price
from summit_scheduling.solver.model import Model, Use

_SCALE = 1 << 20
"""Prices are rounded to this fraction of a weight."""

Charges = Mapping[tuple[Use, ...], int]
"""What rows are charged, by their uses, in fractions of a weight; a row that is not named is charged nothing."""


def charges_of(model: Model, prices: Sequence[float]) -> Charges:
    """The prices as charges, which can be put on the rows of another model too; a negative price counts as 0."""
    return {
        row.uses: round(price * _SCALE)
        for row, price in zip(model.rows, prices, strict=True)
        if row.uses and price > 0
    }


def worth_at(model: Model, charges: Charges) -> int:
    """What no choice of columns can exceed, by these charges and one way to hold each meeting at most."""
    excess = [weight * _SCALE for weight in model.weights]
    scaled = 0
    for row in model.rows:
        charge = charges.get(row.uses, 0)
        if charge:
            scaled += charge * row.limit
            for column in row.columns:
                excess[column] -= charge
    best_of: dict[int, int] = {}
    for one, left in zip(model.columns, excess, strict=True):
        best_of[one.meeting] = max(best_of.get(one.meeting, 0), left)
    return (scaled + sum(best_of.values())) // _SCALE


@dataclass(frozen=True, slots=True)
class Bound:
    """What no choice can exceed, and what each column would cost it."""

    scaled: int
    """The bound in fractions of a weight."""
    excess: tuple[int, ...]
    """For each column its weight less what its rows charge, in fractions of a weight."""
    prices: tuple[Price, ...]
    """What each use of a scarce thing is charged, so that anybody can add the bound up again."""

    @classmethod
    def of(cls, model: Model, prices: Sequence[float]) -> "Bound":
        """The bound that these prices prove; a negative price counts as 0."""
        excess = [weight * _SCALE for weight in model.weights]
        scaled, charged = 0, Counter[Use]()
        for row, price in zip(model.rows, prices, strict=True):
            charge = max(round(price * _SCALE), 0)
            if charge:
                charged.update(dict.fromkeys(row.uses, charge))
                scaled += charge * row.limit
                for column in row.columns:
                    excess[column] -= charge
        named = tuple(Price(*use, charge) for use, charge in sorted(charged.items()))
        return cls(scaled + sum(one for one in excess if one > 0), tuple(excess), named)

    @property
    def weight(self) -> int:
        """The bound as a whole weight, rounded down."""
        return self.scaled // _SCALE

    def worth_trying(self, weight: int) -> tuple[int, ...]:
        """The columns that a choice of at least this weight can contain: any other would push the bound below it."""
        spare = self.scaled - weight * _SCALE
        return tuple(column for column, excess in enumerate(self.excess) if excess + spare >= 0)
