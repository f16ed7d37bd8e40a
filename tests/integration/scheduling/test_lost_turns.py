"""Two that wait for each other: the database ends one of them, and nobody outside notices."""

import asyncio

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from summit_chassis.faults import is_lost_turn
from summit_contracts.scheduling import BilateralDeclined
from summit_testkit.builders.scheduling import EDITION_ID, a_wish
from summit_testkit.eventually import eventually
from summit_testkit.meetings import Meetings

_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")


async def test_one_decline_in_a_small_play_was_answered_with_500_once_under_load(meetings: Meetings) -> None:
    """The decline holds the bilateral and wants its count of versions; another holds that and wants the bilateral."""
    await meetings.desk.hear(a_wish())
    engine = meetings.desk.database.engine
    aggregate = f"bilateral/{EDITION_ID}/b1"
    async with engine.begin() as setting:
        await setting.execute(text("INSERT INTO outbox_aggregate VALUES (:of, 0)"), {"of": aggregate})

    async def is_waiting() -> None:
        async with engine.connect() as watching:
            assert (await watching.execute(_WAITING)).scalar_one() == 1

    async with engine.connect() as other, other.begin():
        held = text("SELECT 1 FROM outbox_aggregate WHERE aggregate_id = :of FOR UPDATE")
        await other.execute(held, {"of": aggregate})
        declining = asyncio.create_task(meetings.answer("RW", "decline", reason="no_time"))
        await eventually(is_waiting)
        ended = None
        try:  # from here on the two wait for each other, and the database ends the one that it finds first
            await other.execute(text("SELECT 1 FROM bilaterals WHERE bilateral_id = 'b1' FOR UPDATE"))
        except DBAPIError as failure:
            ended = failure
    answer = await declining
    assert ended is None or is_lost_turn(ended)
    assert (answer.status_code, answer.json()["status"]) == (200, "declined"), answer.text
    (fact,) = await meetings.facts(BilateralDeclined)
    assert fact.by == "RW"


async def test_a_change_that_loses_its_turn_again_and_again_is_told_to_come_back(meetings: Meetings) -> None:
    await meetings.desk.hear(a_wish())
    async with meetings.desk.database.engine.begin() as setting:
        await setting.execute(
            text(
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
                "$$BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END$$"
            )
        )
        await setting.execute(text("CREATE TRIGGER refuse BEFORE INSERT ON outbox EXECUTE FUNCTION refuse()"))
    try:
        refused = await meetings.answer("RW", "decline")
    finally:  # other tests use this database after this one
        async with meetings.desk.database.engine.begin() as setting:
            await setting.execute(text("DROP TRIGGER refuse ON outbox"))
            await setting.execute(text("DROP FUNCTION refuse"))
    assert refused.status_code == 503, refused.text
    assert (await meetings.bilateral())["status"] == "requested"
    assert (await meetings.answer("RW", "decline")).status_code == 200
