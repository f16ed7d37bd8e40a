"""What was promised, added up without losing its uncertainty: "up to 275" is not 275."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from summit_contracts.promises import Nature, PledgeState
from summit_contracts.quantities import AtLeast, Exact, Range, UpTo
from summit_portal.readmodel.kinds import PublicPledge


@dataclass(frozen=True)
class Total:
    """All that counts of one capability in one unit."""

    capability: str
    unit: str
    pledges: int
    least: int
    """What is promised without reserve."""
    most: int
    """What it may come to as far as numbers were given."""


def counts(pledge: PublicPledge) -> bool:
    """Whether it is added up: a commitment that holds."""
    return pledge.state is not PledgeState.WITHDRAWN and pledge.promise.nature is Nature.COMMITMENT


def totals(pledges: Iterable[PublicPledge]) -> list[Total]:
    """By capability and unit, the largest first; per cents and promises without a number are in no sum."""
    found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for pledge in filter(counts, pledges):
        said = pledge.promise.quantity
        match said:
            case Exact():
                bounds = (said.count, said.count)
            case UpTo():
                bounds = (0, said.maximum)
            case Range():
                bounds = (said.minimum, said.maximum)
            case AtLeast():
                bounds = (said.minimum, said.minimum)
            case _:
                continue
        found[pledge.promise.capability, said.unit].append(bounds)
    made = [
        Total(capability, unit, len(all_), sum(one[0] for one in all_), sum(one[1] for one in all_))
        for (capability, unit), all_ in found.items()
    ]
    return sorted(made, key=lambda one: (-one.pledges, one.capability, one.unit))


def by_category(pledges: Iterable[PublicPledge]) -> Sequence[tuple[str, int]]:
    """How many pledges that count there are in each category, the largest first."""
    return Counter(one.promise.category for one in pledges if counts(one)).most_common()
