"""The books of both sides, compared: what was committed, what the streams hold, what took effect."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nats.aio.client import Client
from sqlalchemy import text

from summit_chassis.database import Database
from summit_contracts.catalogue import parse
from summit_contracts.fact import Stream
from summit_testkit.eventually import eventually
from summit_testkit.probe.services import HEARD, applied_rows, hearing
from summit_testkit.probe.workload import Workload


@dataclass(frozen=True)
class Entry:
    """One fact in one of the books."""

    aggregate: str
    version: int
    event_id: str
    type: str
    says: str
    causation_id: str | None


Story = Mapping[str, tuple[tuple[int, str, str], ...]]
"""Per aggregate and in order: version, type, content. The same for the same workload, whatever happened to it."""


@dataclass(frozen=True)
class Ledger:
    """All four books at one moment."""

    committed: tuple[Entry, ...]
    """The publisher's outbox."""
    stored: tuple[Entry, ...]
    """The streams it writes."""
    applied: tuple[tuple[str, str, int], ...]
    """Event id, aggregate, version, in the order in which the hearer applied them."""
    answered: tuple[Entry, ...]
    """The hearer's outbox."""
    answers_stored: tuple[Entry, ...]
    """The stream the hearer writes."""

    @property
    def story(self) -> tuple[Story, Story]:
        """What was said and what was answered, without what differs from run to run (ids, times)."""
        return _story(self.stored), _story(self.answers_stored)

    def must_balance(self) -> None:
        """Nothing was lost, nothing was twice, everything was in the order of its aggregate's versions.

        Raises:
            AssertionError: naming what is wrong in which book.
        """
        _must_be_gapless("the publisher's outbox", self.committed)
        _must_be_equal("streams", self.stored, "the publisher's outbox", self.committed)
        _must_be_gapless("the hearer's outbox", self.answered)
        _must_be_equal("the hearer's stream", self.answers_stored, "its outbox", self.answered)
        handled = {fact.TYPE for fact in hearing().facts}
        due = [entry for entry in self.committed if entry.type in handled]
        _must_be_same_keys("applied", [one[0] for one in self.applied], [entry.event_id for entry in due])
        for aggregate, versions in _versions((one[1], one[2]) for one in self.applied).items():
            assert versions == sorted(versions), f"applied out of order: {aggregate}: {versions}"
        causes = [entry.causation_id or "" for entry in self.answered]
        _must_be_same_keys("answers", causes, [one[0] for one in self.applied])


async def read_ledger(source: Database, sink: Database, client: Client) -> Ledger:
    """The books as they are now."""
    stored = [entry for stream in HEARD for entry in await _stream(client, stream)]
    rows = await applied_rows(sink)
    return Ledger(
        committed=tuple(await _outbox(source, HEARD)),
        stored=tuple(stored),
        applied=tuple((row[0], row[1], row[2]) for row in rows),
        answered=tuple(await _outbox(sink, (Stream.NOTIFICATIONS,))),
        answers_stored=tuple(await _stream(client, Stream.NOTIFICATIONS)),
    )


async def is_settled(source: Database, sink: Database) -> None:
    """Everything committed is published, and applied as far as its aggregates' versions tell.

    Raises:
        AssertionError: something is still under way.
    """
    unpublished = text("SELECT count(*) FROM outbox WHERE pub_seq IS NULL")
    async with source.engine.connect() as connection:
        left = (await connection.execute(unpublished)).scalar_one()
        assert not left, f"{left} facts are not published"
        counted = text("SELECT aggregate_id AS name, version FROM outbox_aggregate")
        expected = {
            f"/summit/registration/{row.name}": row.version for row in await connection.execute(counted)
        }
    async with sink.engine.connect() as connection:
        counted = text("SELECT aggregate_key AS name, version FROM inbox_aggregate")
        found = {row.name: row.version for row in await connection.execute(counted)}
        late = {
            name: (found.get(name), version)
            for name, version in expected.items()
            if found.get(name) != version
        }
        assert not late, f"not applied: {late}"
        left = (await connection.execute(unpublished)).scalar_one()
        assert not left, f"{left} answers are not published"


async def settled(source: Database, sink: Database, client: Client, *, within: float) -> Ledger:
    """The books, when everything has come through; they balance.

    Raises:
        AssertionError: something is still under way after `within` seconds, or the books do not balance.
    """
    await eventually(lambda: is_settled(source, sink), within=within)
    # The reader's own connection may be back a moment later than those of whoever came through.
    ledger = await eventually(lambda: read_ledger(source, sink, client), within=within)
    ledger.must_balance()
    return ledger


async def _outbox(database: Database, streams: Iterable[Stream]) -> list[Entry]:
    query = text("SELECT subject, payload FROM outbox WHERE stream = ANY(:streams) ORDER BY seq")
    async with database.engine.connect() as connection:
        rows = await connection.execute(query, {"streams": [stream.value for stream in streams]})
        return [_entry(row.subject, row.payload) for row in rows]


async def _stream(client: Client, stream: Stream) -> list[Entry]:
    jetstream = client.jetstream(timeout=5)
    state = (await jetstream.stream_info(stream.value)).state
    messages = [
        await jetstream.get_msg(stream.value, seq)
        for seq in range(state.first_seq, state.last_seq + 1)
        if seq
    ]
    return [_entry(message.subject or "", message.data or b"") for message in messages]


def _entry(subject: str, payload: bytes) -> Entry:
    event = parse(subject, payload)
    return Entry(
        event.aggregateid,
        event.aggregateversion,
        event.id,
        event.type,
        event.data.model_dump_json(exclude_none=True),
        event.causationid,
    )


def told(workload: Workload) -> Story:
    """What the streams say when the workload is through, whatever happened on the way."""
    story: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for step in workload.steps():
        for fact in step.facts if not step.is_rolled_back else ():
            lines = story[fact.aggregate_id]
            lines.append((len(lines) + 1, fact.TYPE, fact.model_dump_json(exclude_none=True)))
    return {aggregate: tuple(lines) for aggregate, lines in sorted(story.items())}


def _story(entries: Iterable[Entry]) -> Story:
    story: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for entry in entries:
        story[entry.aggregate].append((entry.version, entry.type, entry.says))
    return {aggregate: tuple(lines) for aggregate, lines in sorted(story.items())}


def _versions(pairs: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    versions: dict[str, list[int]] = defaultdict(list)
    for aggregate, version in pairs:
        versions[aggregate].append(version)
    return versions


def _must_be_gapless(book: str, entries: Iterable[Entry]) -> None:
    for aggregate, versions in _versions((entry.aggregate, entry.version) for entry in entries).items():
        assert versions == list(range(1, len(versions) + 1)), f"{book}: {aggregate}: {versions}"


def _must_be_equal(name: str, entries: Iterable[Entry], other: str, expected: Iterable[Entry]) -> None:
    found, due = _by_aggregate(entries), _by_aggregate(expected)
    for aggregate in sorted(found.keys() | due.keys()):
        assert found.get(aggregate) == due.get(aggregate), (
            f"{name} and {other} differ in {aggregate}:\n{found.get(aggregate)}\n{due.get(aggregate)}"
        )


def _by_aggregate(entries: Iterable[Entry]) -> dict[str, list[tuple[int, str]]]:
    grouped: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for entry in entries:
        grouped[entry.aggregate].append((entry.version, entry.event_id))
    return grouped


def _must_be_same_keys(name: str, found: list[str], due: list[str]) -> None:
    twice = {key for key in found if found.count(key) > 1}
    assert not twice, f"{name} twice: {twice}"
    assert set(found) == set(due), (
        f"{name}: lost {set(due) - set(found)}, from nowhere {set(found) - set(due)}"
    )
