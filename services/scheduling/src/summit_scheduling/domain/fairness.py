"""Whether small delegations get as much of what they ask for as large ones (G15).

Three classes by demand: the delegations are ordered by how many agreed meetings they are party to and cut into thirds, those
with equal demand together. The figures rest on nothing but the bilaterals, whose every change is a fact.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.progress import PLACEABLE, Status

CLASSES: Final = ("little", "middling", "much")


@dataclass(frozen=True, slots=True)
class Share:
    """What the delegations of one class got."""

    demand: str
    """`little`, `middling` or `much`."""
    delegations: int
    wished: int
    """Meetings they asked for or were asked for, all states."""
    agreed: int
    placed: int

    @property
    def success(self) -> float | None:
        """Placed of agreed, 0 to 1; none where nothing was agreed."""
        return self.placed / self.agreed if self.agreed else None


def shares(bilaterals: Iterable[Bilateral]) -> tuple[Share, ...]:
    """One line for each class, the least demand first; a meeting counts once for each of its parties."""
    wished, agreed, placed = Counter[str](), Counter[str](), Counter[str]()
    for one in bilaterals:
        wished.update(one.parties)
        if one.status in PLACEABLE:
            agreed.update(one.parties)
        if one.status is Status.SCHEDULED:
            placed.update(one.parties)
    by_demand: dict[int, list[str]] = defaultdict(list)
    for code in wished:
        by_demand[agreed[code]].append(code)
    members: dict[str, list[str]] = {name: [] for name in CLASSES}
    seen = 0
    for demand in sorted(by_demand):
        members[CLASSES[min(seen * 3 // max(len(wished), 1), 2)]] += by_demand[demand]
        seen += len(by_demand[demand])
    return tuple(
        Share(
            name,
            len(codes),
            sum(wished[code] for code in codes),
            sum(agreed[code] for code in codes),
            sum(placed[code] for code in codes),
        )
        for name, codes in members.items()
    )
