"""Whether small delegations get as much of what they ask for as large ones (G15).

Three classes by demand: the delegations are ordered by how many agreed meetings they are party to and cut into thirds, those
with equal demand together. The figures rest on nothing but the bilaterals, whose every change is a fact.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.progress import PLACEABLE, Status

CLASSES: Final = ("little", "middling", "much")
SMALL: Final = CLASSES[0]
"""The delegations that are to pay for no other's meetings."""


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
    members: dict[str, list[str]] = {name: [] for name in CLASSES}
    for code, name in by_demand({code: agreed[code] for code in wished}).items():
        members[name].append(code)
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


def by_demand(agreed: Mapping[str, int]) -> Mapping[str, str]:
    """The class of each delegation, from how many meetings it has agreed."""
    alike: dict[int, list[str]] = defaultdict(list)
    for code, demand in agreed.items():
        alike[demand].append(code)
    found: dict[str, str] = {}
    for demand in sorted(alike):
        name = CLASSES[min(len(found) * 3 // max(len(agreed), 1), 2)]
        found |= dict.fromkeys(alike[demand], name)
    return found
