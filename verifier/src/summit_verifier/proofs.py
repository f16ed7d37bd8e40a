"""Whether the bounds of a certificate are proven, by arithmetic in whole numbers that needs no solver.

Put a price of 0 or more on each use of what is scarce: a party, a room or a counted thing in a slot, a meeting of a party that
has a cap. A plan uses nothing more often than there is of it, so all there is, at these prices, pays for whatever the plan
uses. A meeting is worth its weight; a way to hold it costs what it uses; and what its best way leaves over, if anything, is the most
that it can add. So no plan is worth more than all there is at its prices, plus what each meeting leaves over at best.

That holds for any prices whatever: where they come from need not be believed.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from summit_verifier.levels import pinned, weight
from summit_verifier.parts import Meeting, PlanFile
from summit_verifier.rules import Broken, could_stay
from summit_verifier.taken import Taken
from summit_verifier.ways import Ways, there_is

SCALE: Final = 1 << 20
"""A price of so much is a weight of one."""


class Judgement(NamedTuple):
    """What became of the claim that no plan surpasses a bound."""

    level: str
    claimed: int
    proven: int
    """What the evidence in the file, and counting, prove."""
    is_proven: bool


def ill_priced(plan: PlanFile) -> Iterator[Broken]:
    """Prices below 0, priced twice, or of what is not scarce prove nothing."""
    known: set[tuple[str, str, str]] = set()
    for one in plan.prices:
        use = (one.kind, one.subject, one.at)
        where = " ".join(filter(None, use))
        if one.price < 0:
            yield Broken("prices", "certificate", where, f"a price of {one.price}")
        if use in known:
            yield Broken("prices", "certificate", where, "it is priced twice")
        if there_is(plan, *use) is None:
            yield Broken("prices", "certificate", where, "there is nothing of the kind to be priced")
        known.add(use)


def judged(plan: PlanFile) -> Iterator[Judgement]:
    """For each bound of the certificate, whether it is proven."""
    most = most_worth(plan)
    first = _first(plan)
    levels = {level.code: level.bound for level in plan.certificate.levels}
    if "pinned" in levels:
        yield _judgement("pinned", levels["pinned"], most // first)
        # With fewer pinned meetings placed than the proof leaves room for, it says nothing of the weight beside them.
        is_known = most // first == pinned(plan)
        all_of_it = sum(one.weight for one in plan.meetings.values())
        yield _judgement("weight", plan.certificate.bound, most % first if is_known else all_of_it)
    else:
        yield _judgement("weight", plan.certificate.bound, most)
    if "moves" in levels:
        gone = sum(not could_stay(plan, key) for key in plan.published)
        yield Judgement("moves", levels["moves"], gone, levels["moves"] <= gone)


def most_worth(plan: PlanFile) -> int:
    """What no plan exceeds by the prices of the file: weights, and for a pinned meeting more than all weights together."""
    prices = {(one.kind, one.subject, one.at): one.price for one in plan.prices}
    total = sum(price * (there_is(plan, *use) or 0) for use, price in prices.items())
    ways = Ways(plan, prices)
    for meeting in plan.meetings.values():
        cheapest = ways.cheapest(meeting)
        if cheapest is not None:
            total += max(_worth(plan, meeting) * SCALE - cheapest, 0)
    return total // SCALE


def refuted(plan: PlanFile) -> Iterator[Broken]:
    """A bound is refuted by a better plan; the nearest ones are tried: this one, with one more meeting where it is free."""
    said = plan.certificate
    held, worth, taken = {one.meeting for one in plan.places}, weight(plan), Taken(plan)
    for key, meeting in plan.meetings.items():
        if key in held or worth + meeting.weight <= said.bound:
            continue
        free = taken.free_place(meeting)
        if free:
            where = f"slot {free.slot}, room {free.room}"
            yield Broken(
                "bound", key, where, f"placed there as well, it makes more than the bound {said.bound}"
            )
            return


def _judgement(level: str, claimed: int, proven: int) -> Judgement:
    return Judgement(level, claimed, proven, proven <= claimed)


def _first(plan: PlanFile) -> int:
    return sum(one.weight for one in plan.meetings.values()) + 1


def _worth(plan: PlanFile, meeting: Meeting) -> int:
    return meeting.weight + (_first(plan) if meeting.is_fixed else 0)
