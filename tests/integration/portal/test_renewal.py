"""The read model made anew is the one that had grown, whatever order and how often facts came, and nothing is lost meanwhile."""

import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from sqlalchemy import delete, select, text

from summit_chassis.arrivals import Incoming
from summit_chassis.database import Database
from summit_chassis.ids import new_id
from summit_chassis.inbox import Inbox
from summit_contracts.catalogue import FACTS, seal
from summit_contracts.fact import Fact, Stream
from summit_contracts.testing import HAPPENED_AT, examples_of
from summit_portal.app import service
from summit_portal.readmodel.renewal import SCHEMA, History, NotWhole, Renewal
from summit_portal.readmodel.unit import ReadModelUnit
from summit_portal.store.tables import editions, happenings, records
from summit_testkit.desk import Desk

PUBLIC = [fact for fact in FACTS if fact.STREAM is not Stream.PERSONAL]
_MOST_DELIVERIES = 200


def messages_of(facts: Sequence[Fact]) -> list[Incoming]:
    """The facts as their streams hold them, each stream counted from 1."""
    seqs: Counter[Stream] = Counter()
    versions: Counter[str] = Counter()
    found = []
    for fact in facts:
        seqs[fact.STREAM] += 1
        versions[fact.aggregate_id] += 1
        envelope = seal(
            fact, id=new_id(), at=HAPPENED_AT, version=versions[fact.aggregate_id], correlation_id="test"
        )
        found.append(Incoming(fact.STREAM.value, seqs[fact.STREAM], fact.subject, envelope.to_json(), {}))
    return found


def a_summit() -> list[Incoming]:
    """Every public fact there is, whole and with the least it may say."""
    return messages_of([example for fact in PUBLIC for example in examples_of(fact)])


def history(messages: Sequence[Incoming]) -> History:
    """What the streams hold; whoever adds to `messages` publishes."""

    async def held(stream: Stream, first: int) -> AsyncIterator[Incoming]:
        for one in list(messages):
            if one.stream == stream.value and one.seq >= first:
                yield one

    return held


async def contents(database: Database) -> list[Any]:
    """Everything that pages are made of."""
    async with database.engine.connect() as connection:
        order = (records.c.edition_id, records.c.kind, records.c.key)
        known = (await connection.execute(select(records).order_by(*order))).all()
        return [*known, *(await connection.execute(select(editions))).all()]


@pytest.fixture
async def aside(portal: Desk) -> AsyncIterator[Database]:
    """The same database, beside what serves."""
    url = portal.database.engine.url.render_as_string(hide_password=False)
    beside = Database(url, service="test", pool=2, schema=SCHEMA)
    yield beside
    await beside.dispose()


def renewal(portal: Desk, aside: Database, messages: Sequence[Incoming]) -> Renewal:
    return Renewal(portal.database, aside, service.subscribers, history(messages))


async def grown(portal: Desk, messages: Sequence[Incoming]) -> None:
    inbox = Inbox(portal.database, service.subscribers, ReadModelUnit)
    assert {one.outcome for one in await inbox.apply(messages)} == {"applied"}


@pytest.mark.parametrize("seed", range(3))
async def test_whatever_order_facts_come_in_and_however_often_the_read_model_is_the_same(
    portal: Desk, seed: int
) -> None:
    messages = a_summit()
    await grown(portal, messages)
    wanted = await contents(portal.database)
    async with portal.database.engine.begin() as connection:
        await connection.execute(text("TRUNCATE records, editions, inbox, inbox_aggregate"))

    chance = random.Random(seed)
    inbox = Inbox(portal.database, service.subscribers, ReadModelUnit)
    waiting = messages + chance.sample(messages, k=len(messages) // 3)
    for _ in range(_MOST_DELIVERIES):
        chance.shuffle(waiting)
        batch, waiting = waiting[:40], waiting[40:]
        verdicts = await inbox.apply(batch)
        waiting += [one for one, verdict in zip(batch, verdicts, strict=True) if verdict.delay is not None]
        if not waiting:
            break
    assert not waiting
    assert await contents(portal.database) == wanted


async def test_made_anew_it_is_what_had_grown(portal: Desk, aside: Database) -> None:
    messages = a_summit()
    await grown(portal, messages)
    before = await contents(portal.database)
    async with portal.database.engine.begin() as connection:
        await connection.execute(text('UPDATE records SET document = document || \'{"state": "spoilt"}\''))
        await connection.execute(delete(records).where(records.c.kind == "pledge"))
    done = await renewal(portal, aside, messages).run()
    assert done.facts == len(messages)
    assert await contents(portal.database) == before


async def test_what_is_heard_while_it_is_made_anew_is_in_it_once(portal: Desk, aside: Database) -> None:
    messages = a_summit()
    early, late = messages[: len(messages) // 2], messages[len(messages) // 2 :]
    await grown(portal, messages)
    wanted = await contents(portal.database)
    streams = list(early)
    work = renewal(portal, aside, streams)
    first_reading = work._history

    async def held(stream: Stream, first: int) -> AsyncIterator[Incoming]:
        async for one in first_reading(stream, first):
            yield one
        if stream is service.subscribers.streams[-1] and len(streams) == len(early):
            streams.extend(late)  # published once the first reading is over

    work._history = held
    await work.run()
    assert await contents(portal.database) == wanted
    inbox = Inbox(portal.database, service.subscribers, ReadModelUnit)
    assert {one.outcome for one in await inbox.apply(messages)} == {"known"}


async def test_what_visitors_were_told_stays_as_it_was(portal: Desk, aside: Database) -> None:
    messages = a_summit()
    await grown(portal, messages)

    async def told() -> Sequence[Any]:
        async with portal.database.engine.connect() as connection:
            return (await connection.execute(select(happenings).order_by(happenings.c.seq))).all()

    before = await told()
    assert len(before) == len(messages)
    await renewal(portal, aside, messages).run()
    assert await told() == before


async def test_a_stream_with_a_hole_changes_nothing(portal: Desk, aside: Database) -> None:
    messages = a_summit()
    await grown(portal, messages)
    before = await contents(portal.database)
    holed = [one for one in messages if not (one.stream == "REGISTRATION" and one.parsed.version == 1)]
    with pytest.raises(NotWhole):
        await renewal(portal, aside, holed).run()
    assert await contents(portal.database) == before
