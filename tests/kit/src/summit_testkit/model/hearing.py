"""How facts take effect: two processes of a service apply what the stream delivers.

The stream is the worst that publishing allows: every fact is on it in the end, but in any order, and twice where the window
for duplicates had passed; its tail may be lost and come again otherwise. It delivers whatever is not acknowledged, in any
order, to anybody, again and again.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from summit_testkit.model.exploring import Step
from summit_testkit.model.publishing import PREDECESSOR


class Mutant(StrEnum):
    """A way to hear that somebody might have chosen instead; each breaks a promise."""

    ACKNOWLEDGE_FIRST = "a message is acknowledged before it is applied"
    ACKNOWLEDGE_EARLY = "a message whose predecessor is missing is acknowledged all the same"
    NO_INBOX = "nothing remembers what was applied"
    NO_VERSIONS = "ids are remembered, but versions are not compared"
    MEMORY_AFTER = "the effect is committed before what remembers it"
    MEMORY_BEFORE = "what remembers the effect is committed before it"
    ACKNOWLEDGE_AFTER_RECONNECT = "what was delivered before a reconnect is acknowledged after it"
    NO_LOCK = "two processes may decide on the same history at once"


class Hearer(NamedTuple):
    """One of two processes of the hearing service."""

    place: int = 0
    """The message in hand; 0 for none."""
    fact: str = ""
    stage: str = ""
    """`taken`; `decided` or `half` where a mutant needs two steps; `applied`."""
    is_reconnected: bool = False
    """It came from a stream that may be another one now."""


class Hearing(NamedTuple):
    """The stream, its hearers and what took effect at one moment."""

    stream: tuple[str, ...] = ()
    acknowledged: frozenset[int] = frozenset()
    hearers: tuple[Hearer, ...] = (Hearer(), Hearer())
    effects: tuple[str, ...] = ()
    inbox: frozenset[str] = frozenset()
    faults: int = 2
    """How many more faults may happen."""

    def with_hearer(self, number: int, hearer: Hearer) -> "Hearing":
        """The hearers in one order, whoever is who."""
        return self._replace(hearers=tuple(sorted((hearer, self.hearers[1 - number]))))


class HearingProtocol:
    """The steps that can be taken, as the chassis takes them or as one mutant would."""

    def __init__(self, mutant: Mutant | None = None, *, facts: Sequence[str]) -> None:
        self.mutant = mutant
        self.facts = frozenset(facts)

    def steps(self, now: Hearing) -> Iterator[Step]:
        """Everything that can happen next."""
        missing = self.facts - set(now.stream)
        for fact in sorted(self.facts):
            # One fact may come twice.
            if fact in missing or len(now.stream) + len(missing) <= len(self.facts):
                yield Step(f"{fact} is published", now._replace(stream=(*now.stream, fact)))
        for number, hearer in enumerate(now.hearers):
            if not (number and hearer == now.hearers[0]):
                yield from self._hear(now, number)
        if now.faults:
            yield from _faults(now._replace(faults=now.faults - 1))

    def broken(self, now: Hearing) -> str | None:
        """The promise that does not hold here, if there is one."""
        for place, fact in enumerate(now.effects):
            if fact in now.effects[:place]:
                return f"{fact} took effect twice"
            if PREDECESSOR.get(fact, fact) not in {fact, *now.effects[:place]}:
                return f"{fact} took effect before its predecessor"
        return None

    def is_end(self, now: Hearing) -> bool:
        """Whether everything took effect and is acknowledged."""
        return set(now.effects) == self.facts == set(now.stream) and len(now.acknowledged) == len(now.stream)

    def _hear(self, now: Hearing, number: int) -> Iterator[Step]:
        hearer = now.hearers[number]
        match hearer.stage:
            case "":
                for place, fact in enumerate(now.stream, 1):
                    if place not in now.acknowledged:
                        taken = now.with_hearer(number, Hearer(place, fact, "taken"))
                        if self.mutant is Mutant.ACKNOWLEDGE_FIRST:
                            taken = taken._replace(acknowledged=now.acknowledged | {place})
                        yield Step(f"{fact} is delivered", taken)
            case "taken":
                yield Step(f"{hearer.fact} is applied", self._apply(now, number))
            case "decided":
                yield Step(f"{hearer.fact} is applied as decided", _effect(now, number))
            case "half":
                yield Step(f"the other half of {hearer.fact}", self._other_half(now, number))
            case _:
                yield Step(f"{hearer.fact} is acknowledged", self._acknowledge(now, number))

    def _apply(self, now: Hearing, number: int) -> Hearing:
        """One transaction: what is known is passed over, what is early is given back, the rest takes effect."""
        hearer = now.hearers[number]
        applied = now.with_hearer(number, hearer._replace(stage="applied"))
        if hearer.fact in now.inbox and self.mutant is not Mutant.NO_INBOX:
            return applied
        is_early = PREDECESSOR.get(hearer.fact, hearer.fact) not in {hearer.fact, *now.inbox}
        if is_early and self.mutant is not Mutant.NO_VERSIONS:
            return applied if self.mutant is Mutant.ACKNOWLEDGE_EARLY else now.with_hearer(number, Hearer())
        match self.mutant:
            case Mutant.NO_LOCK:
                return now.with_hearer(number, hearer._replace(stage="decided"))
            case Mutant.MEMORY_AFTER:
                half = now.with_hearer(number, hearer._replace(stage="half"))
                return half._replace(effects=(*now.effects, hearer.fact))
            case Mutant.MEMORY_BEFORE:
                half = now.with_hearer(number, hearer._replace(stage="half"))
                return half._replace(inbox=now.inbox | {hearer.fact})
            case _:
                return _effect(now, number)

    def _other_half(self, now: Hearing, number: int) -> Hearing:
        hearer = now.hearers[number]
        applied = now.with_hearer(number, hearer._replace(stage="applied"))
        if self.mutant is Mutant.MEMORY_AFTER:
            return applied._replace(inbox=now.inbox | {hearer.fact})
        return applied._replace(effects=(*now.effects, hearer.fact))

    def _acknowledge(self, now: Hearing, number: int) -> Hearing:
        hearer = now.hearers[number]
        done = now.with_hearer(number, Hearer())
        if hearer.is_reconnected and self.mutant is not Mutant.ACKNOWLEDGE_AFTER_RECONNECT:
            return done  # it comes again, and is known
        return done._replace(
            acknowledged=now.acknowledged | ({hearer.place} & set(range(1, len(now.stream) + 1)))
        )


def _effect(now: Hearing, number: int) -> Hearing:
    hearer = now.hearers[number]
    applied = now.with_hearer(number, hearer._replace(stage="applied"))
    return applied._replace(effects=(*now.effects, hearer.fact), inbox=now.inbox | {hearer.fact})


def _faults(now: Hearing) -> Iterator[Step]:
    for number, hearer in enumerate(now.hearers):
        if hearer.stage:
            yield Step("a hearer is killed", now.with_hearer(number, Hearer()), is_fault=True)
    if now.stream:
        shorter = len(now.stream) - 1
        older = now._replace(
            stream=now.stream[:-1],
            acknowledged=now.acknowledged & frozenset(range(1, shorter + 1)),
            hearers=tuple(one._replace(is_reconnected=bool(one.stage)) for one in now.hearers),
        )
        yield Step("an older copy of the stream comes back", older, is_fault=True)
