"""What a promise does not say yet, criterion by criterion, for the form that is being filled in and for its reviewer (D2).

The asks are the terms of the taxonomy's vocabulary `ask`, which has their words in six languages: the same codes that the
secretariat returns a pledge with.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from summit_contracts.promises import Additionality, Nature, Promise
from summit_contracts.quantities import NoneGiven, Open, Percent, UpTo
from summit_pledges.domain.taxonomy import Taxonomy


class Criterion(StrEnum):
    """What a promise is measured by. Source: SMART (specific, measurable, achievable, relevant, time-bound)."""

    SPECIFIC = "specific"
    MEASURABLE = "measurable"
    ACHIEVABLE = "achievable"
    RELEVANT = "relevant"
    TIME_BOUND = "time_bound"


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing that a better promise would say."""

    criterion: Criterion
    ask: str
    """From the taxonomy's vocabulary `ask`."""
    field: str


@dataclass(frozen=True, slots=True)
class Smartness:
    """How well a promise can be followed."""

    met: frozenset[Criterion]
    """The criteria under which nothing is asked."""
    advice: tuple[Advice, ...]

    @property
    def score(self) -> int:
        """How many of the five criteria are met."""
        return len(self.met)


def advise(promise: Promise, taxonomy: Taxonomy) -> Smartness:
    """What could be asked about the promise, in the order of the criteria."""
    advice = tuple(
        found
        for part in (_specific, _measurable, _achievable, _relevant, _timely)
        for found in part(promise, taxonomy)
    )
    return Smartness(frozenset(Criterion) - {one.criterion for one in advice}, advice)


def _specific(promise: Promise, taxonomy: Taxonomy) -> Iterator[Advice]:
    if taxonomy.capability(promise.capability).is_general and promise.designation is None:
        yield Advice(Criterion.SPECIFIC, "what_is_general", "promise.capability")
    for position, partner in enumerate(promise.partners):
        if partner.invitee is None:
            yield Advice(Criterion.SPECIFIC, "partner_unnamed", f"promise.partners[{position}].invitee")


def _measurable(promise: Promise, taxonomy: Taxonomy) -> Iterator[Advice]:
    quantity = promise.quantity
    if isinstance(quantity, NoneGiven):
        if promise.amount is None:
            yield Advice(Criterion.MEASURABLE, "how_many_missing", "promise.quantity")
        return
    if isinstance(quantity, UpTo):
        yield Advice(Criterion.MEASURABLE, "least_missing", "promise.quantity.minimum")
    usual = taxonomy.capability(promise.capability).units
    if not isinstance(quantity, Percent) and usual and quantity.unit not in usual:
        yield Advice(Criterion.MEASURABLE, "unit_unusual", "promise.quantity.unit")
    for position, partner in enumerate(promise.partners):
        if partner.share is None and partner.money is None:
            yield Advice(Criterion.MEASURABLE, "share_missing", f"promise.partners[{position}].share")


_UNSETTLED = frozenset({"agreement", "consultation", "place_open", "other"})


def _achievable(promise: Promise, _: Taxonomy) -> Iterator[Advice]:
    for position, condition in enumerate(promise.conditions):
        if condition.kind in _UNSETTLED:
            yield Advice(Criterion.ACHIEVABLE, "condition_unsettled", f"promise.conditions[{position}]")


def _relevant(promise: Promise, _: Taxonomy) -> Iterator[Advice]:
    if promise.need_id is None:
        yield Advice(Criterion.RELEVANT, "need_unnamed", "promise.need_id")
    if promise.additionality is Additionality.NOT_STATED:
        yield Advice(Criterion.RELEVANT, "additionality_missing", "promise.additionality")
    if promise.nature is not Nature.COMMITMENT:
        yield Advice(Criterion.RELEVANT, "not_a_commitment", "promise.nature")


def _timely(promise: Promise, _: Taxonomy) -> Iterator[Advice]:
    if isinstance(promise.timeline, Open):
        yield Advice(Criterion.TIME_BOUND, "by_when_missing", "promise.timeline")
