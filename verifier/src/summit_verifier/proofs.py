"""Whether the bounds of a certificate are proven, by arithmetic in whole numbers that needs no solver.

Put a price of 0 or more on each use of what is scarce: a party, a room or a counted thing in a slot, a meeting of a party that
has a cap. A plan uses nothing more often than there is of it, so all there is, at these prices, pays for whatever the plan
uses. A meeting is worth its weight; a way to hold it costs what it uses; and what its best way leaves over, if anything, is the most
that it can add. So no plan is worth more than all there is at its prices, plus what each meeting leaves over at best.

That holds for any prices whatever: where they come from need not be believed. And it holds for whatever a meeting is said to be
worth. So the prices are read in three ways, of which the best proof counts: they pay for weight alone; for weight and then for
staying where one was published, where a step of weight is worth more than all that can stay; or for weight and then, likewise,
for meetings of delegations of little demand.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from summit_verifier.counting import COUNTS
from summit_verifier.levels import of_the_small, pinned, weight
from summit_verifier.parts import Meeting, PlanFile
from summit_verifier.rules import Broken, could_stay
from summit_verifier.taken import Taken
from summit_verifier.ways import Ways, there_is

SCALE: Final = 1 << 20
"""A price of so much is one step of worth."""


ALL: Final = "all plans"
PINS_HELD: Final = "the plans that hold as many pinned and frozen meetings"
AS_GOOD: Final = "the plans as good at the levels before"
SAME_MEETINGS: Final = "the plans with the same meetings, what stayed staying"


class Judgement(NamedTuple):
    """What became of the claim that no plan surpasses a bound."""

    level: str
    among: str
    """Which plans the claim is about."""
    claimed: int
    proven: int
    """What the evidence in the file, and counting, prove."""
    is_proven: bool
    by: str = "the prices prove"
    """What the proof consists of."""


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


@dataclass(frozen=True, slots=True)
class Reading:
    """What a meeting is worth to whoever pays the prices: its weight, and after it one more thing."""

    after: str = ""
    """The level that comes after the weight; empty where there is none."""
    most_after: int = 0
    """How much of it a plan can have at most."""

    @property
    def step(self) -> int:
        """What one of weight is worth: more than all that comes after."""
        return self.most_after + 1


def readings(plan: PlanFile) -> tuple[Reading, ...]:
    """The ways to read the prices of this plan."""
    found = [Reading()]
    if plan.published:
        found.append(Reading("moves", sum(could_stay(plan, key) for key in plan.published)))
    owed = sum(of_the_small(plan, meeting) for meeting in plan.meetings.values())
    return (*found, Reading("fairness", owed)) if owed else tuple(found)


def judged(plan: PlanFile) -> Iterator[Judgement]:
    """For each bound of the certificate, whether it is proven."""
    proven = proven_bounds(plan)
    levels = {level.code: level.bound for level in plan.certificate.levels}
    if "pinned" in levels:
        yield _judgement("pinned", ALL, levels["pinned"], proven["pinned"])
    of_weight = PINS_HELD if any(one.is_fixed for one in plan.meetings.values()) else ALL
    yield _judgement("weight", of_weight, plan.certificate.bound, proven["weight"])
    # In a repair the prices pay for weight and moves, and mostly say nothing of fairness, which comes after.
    for code in ("moves", "fairness"):
        if code in levels:
            yield Judgement(code, AS_GOOD, levels[code], proven[code], levels[code] <= proven[code])
    for code, fewest in COUNTS.items():
        if code in levels:
            counted = fewest(plan)
            is_proven = levels[code] <= counted
            yield Judgement(code, SAME_MEETINGS, levels[code], counted, is_proven, "counting proves")


def proven_bounds(plan: PlanFile) -> dict[str, int]:
    """What no plan surpasses, for each level that prices can speak of; each among the plans as good at the levels before."""
    proven = {
        "pinned": sum(one.is_fixed for one in plan.meetings.values()),
        "weight": sum(one.weight for one in plan.meetings.values()),
        "moves": sum(not could_stay(plan, key) for key in plan.published),
        "fairness": 0,
    }
    first = _first(plan)
    for reading in readings(plan):
        most, after = divmod(most_worth(plan, reading), reading.step)
        proven["pinned"] = min(proven["pinned"], most // first)
        # With fewer pinned meetings placed than the proof leaves room for, it says nothing of the weight beside them.
        if most // first == pinned(plan):
            proven["weight"] = min(proven["weight"], most % first)
        # And likewise of what comes after.
        if most != pinned(plan) * first + weight(plan):
            continue
        if reading.after == "moves":
            proven["moves"] = max(proven["moves"], len(plan.published) - after)
        elif reading.after == "fairness":
            proven["fairness"] = max(proven["fairness"], reading.most_after - after)
    return proven


def most_worth(plan: PlanFile, reading: Reading) -> int:
    """What no plan exceeds by the prices of the file, in steps of the reading."""
    prices = {(one.kind, one.subject, one.at): one.price for one in plan.prices}
    total = sum(price * (there_is(plan, *use) or 0) for use, price in prices.items())
    ways = Ways(plan, prices)
    staying = SCALE if reading.after == "moves" else 0
    for meeting in plan.meetings.values():
        worth = _worth(plan, meeting) * reading.step
        worth += of_the_small(plan, meeting) if reading.after == "fairness" else 0
        total += ways.left_over(meeting, worth * SCALE, staying)
    return total // SCALE


def refuted(plan: PlanFile) -> Iterator[Broken]:
    """A bound is refuted by a better plan; the nearest ones are tried: this one, with one more meeting where it is free.

    One more that is pinned or frozen says nothing of the bound on weight, which is about plans that hold as many of them.
    """
    said = plan.certificate
    most_pinned = next((one.bound for one in said.levels if one.code == "pinned"), None)
    held, worth, fixed, taken = {one.meeting for one in plan.places}, weight(plan), pinned(plan), Taken(plan)
    for key, meeting in plan.meetings.items():
        more, bound = (fixed + 1, most_pinned) if meeting.is_fixed else (worth + meeting.weight, said.bound)
        if key in held or bound is None or more <= bound:
            continue
        free = taken.free_place(meeting)
        if free:
            where = f"slot {free.slot}, room {free.room}"
            yield Broken(
                "bound", key, where, f"placed there as well, it makes {more}, the bound being {bound}"
            )
            return


def _judgement(level: str, among: str, claimed: int, proven: int) -> Judgement:
    return Judgement(level, among, claimed, proven, proven <= claimed)


def _first(plan: PlanFile) -> int:
    return sum(one.weight for one in plan.meetings.values()) + 1


def _worth(plan: PlanFile, meeting: Meeting) -> int:
    return meeting.weight + (_first(plan) if meeting.is_fixed else 0)
