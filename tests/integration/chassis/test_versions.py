"""However many write at once: each aggregate's versions count from 1 without a gap, and stand in the order of commits."""

import asyncio
from collections import defaultdict
from random import Random

import pytest
from sqlalchemy import text

from summit_chassis.database import Database
from summit_chassis.outbox import MAX_FACT, FactTooLarge
from summit_contracts.catalogue import parse
from summit_contracts.fact import Service
from summit_contracts.registration import AccessCodeIssued, DelegationWithdrawn
from summit_testkit.probe.services import CODES, coded, publish, refused, withdrawn


@pytest.fixture
async def database(probe_url: str) -> Database:
    return Database(probe_url, service=Service.REGISTRATION.value, pool=12)


async def versions(database: Database) -> dict[str, list[int]]:
    found: dict[str, list[int]] = defaultdict(list)
    async with database.engine.connect() as connection:
        query = text("SELECT aggregate_id, aggregate_version FROM outbox ORDER BY seq")
        for aggregate_id, version in await connection.execute(query):
            found[aggregate_id].append(version)
    await database.dispose()
    return found


async def test_two_hundred_transactions_at_once_number_without_gap_or_deadlock(database: Database) -> None:
    chance = Random(7)
    plans = [[chance.choice(CODES[:5]) for _ in range(chance.randint(1, 8))] for _ in range(200)]

    class Undone(Exception):
        pass

    async def one(number: int, invitees: list[str]) -> None:
        async with database.transaction() as transaction:
            for place, invitee in enumerate(invitees):
                make = refused if place % 3 else withdrawn
                transaction.stage(make(f"{number}-{place}", invitee))
            if number % 4 == 0:
                await transaction.write()
                raise Undone

    done = await asyncio.gather(*(one(*plan) for plan in enumerate(plans)), return_exceptions=True)
    assert [type(failure) for failure in done if failure] == [Undone] * 50
    kept = [invitee for number, plan in enumerate(plans) if number % 4 for invitee in plan]
    found = await versions(database)
    assert found.keys() == {f"delegation/probe/{invitee}" for invitee in kept}
    for invitee in set(kept):
        assert found[f"delegation/probe/{invitee}"] == list(range(1, kept.count(invitee) + 1))


async def test_the_facts_of_one_transaction_stand_in_the_order_they_were_staged_in(
    database: Database,
) -> None:
    facts = [withdrawn("1"), coded("secret-2"), refused("3"), withdrawn("4"), coded("secret-5")]
    await publish(database, *facts)
    async with database.engine.connect() as connection:
        rows = (
            await connection.execute(text("SELECT subject, aggregate_version FROM outbox ORDER BY seq"))
        ).all()
    assert [row.subject for row in rows] == [fact.subject for fact in facts]
    assert [row.aggregate_version for row in rows] == [1, 1, 2, 3, 2]
    await database.dispose()


async def test_every_envelope_holds_its_version_and_is_else_as_it_was_said(database: Database) -> None:
    misleading = 'says "aggregateversion":1, and \\"aggregateversion\\":1'
    facts = [withdrawn(misleading), coded("secret"), withdrawn(misleading), refused("3")]
    for _ in range(6):
        await publish(database, *facts)
    async with database.engine.connect() as connection:
        query = text("SELECT subject, aggregate_version, payload FROM outbox ORDER BY seq")
        rows = (await connection.execute(query)).all()
    read = [parse(row.subject, row.payload) for row in rows]
    assert [one.aggregateversion for one in read] == [row.aggregate_version for row in rows]
    assert max(one.aggregateversion for one in read) == 18
    assert [one.data for one in read] == facts * 6
    await database.dispose()


async def test_a_fact_too_large_for_a_message_is_refused_where_it_is_staged(database: Database) -> None:
    # A contract bounds its texts, so only one that forgot to could be this large.
    large = AccessCodeIssued.model_construct(**{**dict(coded("secret")), "secret": "x" * MAX_FACT})
    with pytest.raises(FactTooLarge):
        await publish(database, large)
    assert await versions(database) == {}


async def test_a_fact_staged_just_before_the_commit_is_part_of_it(database: Database) -> None:
    async with database.transaction() as transaction:

        async def at_the_end() -> None:
            transaction.stage(withdrawn("gathered"))

        transaction.before_commit(at_the_end)
    assert await versions(database) == {
        DelegationWithdrawn(edition_id="probe", invitee="AA").aggregate_id: [1]
    }
