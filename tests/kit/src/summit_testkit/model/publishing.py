"""How facts come to the stream: transactions fill an outbox, two relays publish it and mark what was acknowledged.

Their transactions take sequence numbers when they begin and become visible when they commit, in any order; one may be
rolled back. A relay publishes row by row, each saying where the stream has to end, and its marks count when its transaction
commits. When an older copy of the stream comes back, a relay notices it when it reconnects, sooner or later. Not modelled:
batches (a batch is rows without a fault between them) and time (whatever may happen may happen at any moment).
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from summit_testkit.model.exploring import Step

PREDECESSOR = {"A2": "A1"}
"""Facts of one aggregate stand in one order; others are independent."""


class Mutant(StrEnum):
    """A way to publish that somebody might have chosen instead; each breaks a promise."""

    PUBLISH_BEFORE_COMMIT = "facts are published before their transaction commits"
    MARK_BEFORE_PUBLISH = "rows are marked as published before they are"
    HIGH_WATER_MARK = "the relay takes rows above the highest that was published, not those without a mark"
    NO_RECONCILIATION = "nobody compares the stream with what it acknowledged"
    RECONCILE_BY_LENGTH = "a row counts as kept if the stream is long enough, whatever it holds there"
    PUBLISH_AFTER_RECONNECT = "a round that began before a reconnect publishes the rest after it"
    NO_FENCE = "a publishing does not say where the stream has to end"


class Writing(NamedTuple):
    """A transaction that makes a fact true."""

    fact: str
    seq: int = 0
    """Its place in the outbox; 0 before it began."""
    is_committed: bool = False
    pub_seq: int = 0
    """Where the stream keeps it, as marked; 0 without a mark."""


class Relay(NamedTuple):
    """One of two relays of a service."""

    is_at_work: bool = False
    """Whether it is in a round."""
    rows: tuple[str, ...] = ()
    """What this round still has to publish."""
    marks: tuple[tuple[str, int], ...] = ()
    """Acknowledged in this round."""
    forgotten: tuple[str, ...] = ()
    """Marks that this round found wrong."""
    last: int = 0
    """Where the stream ends as far as it knows."""
    must_reconcile: bool = True
    is_cut_off: bool = False
    """Its transaction is gone, and with it its lock; it does not know yet."""
    is_away: bool = False
    """Its connection to the stream is gone; it does not know yet."""
    is_reconnected: bool = False
    """What was acknowledged in this round was acknowledged by a stream that may be another one now."""


class Publishing(NamedTuple):
    """The outbox, its relays and the stream at one moment."""

    writings: tuple[Writing, ...]
    next_seq: int = 1
    stream: tuple[str, ...] = ()
    known_ids: frozenset[str] = frozenset()
    """What the stream's window for duplicates holds."""
    relays: tuple[Relay, ...] = (Relay(), Relay())
    faults: int = 2
    """How many more faults may happen."""
    has_rolled_back: bool = False

    @property
    def outbox(self) -> dict[str, Writing]:
        """What is committed."""
        return {one.fact: one for one in self.writings if one.is_committed}

    def with_relay(self, number: int, relay: Relay) -> "Publishing":
        """The relays in one order, whoever is who: it does not matter which of them does a thing."""
        other = self.relays[1 - number]
        return self._replace(relays=tuple(sorted((relay, other))))

    def with_writing(self, writing: Writing) -> "Publishing":
        """This fact's transaction stands so."""
        return self._replace(
            writings=tuple(writing if one.fact == writing.fact else one for one in self.writings)
        )

    def marked(self, marks: dict[str, int]) -> "Publishing":
        """These rows are marked so."""
        return self._replace(
            writings=tuple(one._replace(pub_seq=marks.get(one.fact, one.pub_seq)) for one in self.writings)
        )


def publishing(*facts: str, faults: int, rollbacks: bool = True) -> Publishing:
    """Nothing has happened yet; these facts are to become true."""
    return Publishing(tuple(Writing(fact) for fact in facts), faults=faults, has_rolled_back=not rollbacks)


class PublishingProtocol:
    """The steps that can be taken, as the chassis takes them or as one mutant would.

    With `made_anew`, somebody may also delete the stream and have it made again, which breaks no connection. If in that very
    moment a relay loses its database and another takes over, the fence of the first can fit by chance: no fence that a
    stream offers tells them apart, so this is explored as the only fault of a run.
    """

    def __init__(self, mutant: Mutant | None = None, *, made_anew: bool = False) -> None:
        self.mutant = mutant
        self.made_anew = made_anew

    def steps(self, now: Publishing) -> Iterator[Step]:
        """Everything that can happen next."""
        yield from self._writing(now)
        for number, relay in enumerate(now.relays):
            if number and relay == now.relays[0]:
                continue  # the same again
            yield from self._relaying(now, number)
            if now.faults:
                yield from _faults_of_relay(now._replace(faults=now.faults - 1), number)
        if now.faults:
            yield from _faults_of_stream(now._replace(faults=now.faults - 1))
        if now.faults and self.made_anew:
            anew = now._replace(stream=(), known_ids=frozenset(), faults=0)
            yield Step("the stream is deleted and made anew", anew, is_fault=True)

    def broken(self, now: Publishing) -> str | None:
        """The promise that does not hold here, if there is one."""
        if ghosts := set(now.stream) - set(now.outbox):
            return f"{min(ghosts)} is on the stream and never became true"
        for place, fact in enumerate(now.stream):
            if PREDECESSOR.get(fact, fact) not in {fact, *now.stream[:place]}:
                return f"{fact} stands on the stream before its predecessor"
        return None

    def is_end(self, now: Publishing) -> bool:
        """Whether every fact is on the stream and marked, and nobody is at work."""
        return (
            set(now.stream) == {one.fact for one in now.writings}
            and all(one.pub_seq for one in now.writings)
            and not any(relay.is_at_work for relay in now.relays)
        )

    def _writing(self, now: Publishing) -> Iterator[Step]:
        for one in now.writings:
            fact = one.fact
            if one.is_committed or PREDECESSOR.get(fact, fact) not in {fact, *now.outbox}:
                continue
            if not one.seq:
                begun = now.with_writing(Writing(fact, now.next_seq))._replace(next_seq=now.next_seq + 1)
                if self.mutant is Mutant.PUBLISH_BEFORE_COMMIT:
                    begun = begun._replace(stream=(*now.stream, fact))
                yield Step(f"begin {fact}", begun)
                continue
            yield Step(f"commit {fact}", now.with_writing(one._replace(is_committed=True)))
            if not now.has_rolled_back:
                undone = now.with_writing(Writing(fact))._replace(has_rolled_back=True)
                yield Step(f"roll back {fact}", undone)

    def _relaying(self, now: Publishing, number: int) -> Iterator[Step]:
        relay = now.relays[number]
        if relay.is_away:
            noticed = relay._replace(is_away=False, must_reconcile=True, is_reconnected=relay.is_at_work)
            yield Step("a relay reconnects", now.with_relay(number, noticed))
        if not relay.is_at_work:
            is_free = all(not one.is_at_work or one.is_cut_off for one in now.relays)  # the lock
            begun = self._begin(now, number)
            if is_free and not relay.is_away and begun != now:
                yield Step("a relay begins a round", begun)
            if self.made_anew and not relay.must_reconcile:
                looking = relay._replace(must_reconcile=True)
                yield Step("a relay will look at the stream again", now.with_relay(number, looking))
        elif not relay.rows:
            yield Step("a relay ends its round", self._end(now, number))
        elif relay.is_away or (relay.is_reconnected and self.mutant is not Mutant.PUBLISH_AFTER_RECONNECT):
            failed = relay._replace(rows=(), must_reconcile=True)
            yield Step(f"{relay.rows[0]} is not published", now.with_relay(number, failed))
        else:
            yield Step(f"a relay publishes {relay.rows[0]}", self._publish(now, number))

    def _begin(self, now: Publishing, number: int) -> Publishing:
        relay = now.relays[number]
        forgotten = self._lost(now) if relay.must_reconcile else ()
        last = len(now.stream) if relay.must_reconcile else relay.last
        standing = {fact: one for fact, one in now.outbox.items() if one.pub_seq and fact not in forgotten}
        last = max([last, *(one.pub_seq for one in standing.values())])
        highest = max([one.seq for one in standing.values()], default=0)
        rows = [fact for _, fact in sorted((one.seq, fact) for fact, one in now.outbox.items())]
        if self.mutant is Mutant.HIGH_WATER_MARK:
            rows = [fact for fact in rows if now.outbox[fact].seq > highest]
        else:
            rows = [fact for fact in rows if fact not in standing]
        if not rows and not relay.must_reconcile:
            return now
        begun = Relay(
            is_at_work=True,
            rows=tuple(rows),
            forgotten=forgotten,
            last=last,
            must_reconcile=False,
        )
        now = now.with_relay(number, begun)
        if self.mutant is Mutant.MARK_BEFORE_PUBLISH:
            marks = tuple((fact, last + place) for place, fact in enumerate(rows, 1))
            return now.marked(dict(marks))
        return now

    def _lost(self, now: Publishing) -> tuple[str, ...]:
        """Rows whose marks the stream does not bear out: above the last one that it holds where it was put."""
        if self.mutant is Mutant.NO_RECONCILIATION:
            return ()
        marks = {fact: one.pub_seq for fact, one in now.outbox.items() if one.pub_seq}
        kept = max([seq for fact, seq in marks.items() if now.stream[seq - 1 : seq] == (fact,)], default=0)
        if self.mutant is Mutant.RECONCILE_BY_LENGTH:
            kept = len(now.stream)
        return tuple(fact for fact, seq in marks.items() if seq > kept)

    def _publish(self, now: Publishing, number: int) -> Publishing:
        relay = now.relays[number]
        fact, *rest = relay.rows or ()
        if fact in now.known_ids:
            seq, last = now.stream.index(fact) + 1, relay.last
        elif len(now.stream) != relay.last and self.mutant is not Mutant.NO_FENCE:
            return now.with_relay(number, relay._replace(rows=(), must_reconcile=True))
        else:
            seq = last = len(now.stream) + 1
            now = now._replace(stream=(*now.stream, fact), known_ids=now.known_ids | {fact})
        marks = (*relay.marks, (fact, seq))
        return now.with_relay(number, relay._replace(rows=tuple(rest), marks=marks, last=last))

    def _end(self, now: Publishing, number: int) -> Publishing:
        relay = now.relays[number]
        if (
            relay.is_cut_off or relay.is_reconnected
        ):  # nothing of it is committed, and the next round looks again
            return now.with_relay(number, Relay(last=relay.last, is_away=relay.is_away))
        ended = Relay(last=relay.last, must_reconcile=relay.must_reconcile, is_away=relay.is_away)
        now = now.with_relay(number, ended)
        if self.mutant is Mutant.MARK_BEFORE_PUBLISH:
            return now
        return now.marked({**dict.fromkeys(relay.forgotten, 0), **dict(relay.marks)})


def _faults_of_relay(now: Publishing, number: int) -> Iterator[Step]:
    relay = now.relays[number]
    if not relay.is_at_work:
        return
    yield Step("a relay is killed", now.with_relay(number, Relay()), is_fault=True)
    if not relay.is_cut_off:
        cut_off = now.with_relay(number, relay._replace(is_cut_off=True))
        yield Step("a relay's connection to its database is cut", cut_off, is_fault=True)


def _faults_of_stream(now: Publishing) -> Iterator[Step]:
    if not now.stream:
        return
    if now.known_ids:
        yield Step("the window for duplicates passes", now._replace(known_ids=frozenset()), is_fault=True)
    stream = now.stream[:-1]
    older = now._replace(
        stream=stream,
        known_ids=now.known_ids & frozenset(stream),
        relays=tuple(sorted(relay._replace(is_away=True) for relay in now.relays)),
    )
    yield Step("an older copy of the stream comes back", older, is_fault=True)
