"""Whatever the other services say in public, the portal's read model takes it in and pages can be made of it."""

from sqlalchemy import select

from summit_contracts.catalogue import FACTS
from summit_contracts.fact import Stream
from summit_contracts.scheduling import BilateralArranged
from summit_contracts.testing import examples_of
from summit_portal.readmodel.kinds import Meeting, Record
from summit_portal.store.tables import records
from summit_testkit.desk import Desk

PUBLIC = [fact for fact in FACTS if fact.STREAM is not Stream.PERSONAL]
KINDS = {one.KIND: one for one in Record.__subclasses__()}


async def test_every_public_fact_is_heard_and_leaves_records_that_pages_can_read(portal: Desk) -> None:
    for fact in PUBLIC:
        await portal.hear(*examples_of(fact))
    async with portal.database.engine.connect() as connection:
        rows = (await connection.execute(select(records.c.kind, records.c.document))).all()
    read = [KINDS[row.kind].model_validate(row.document) for row in rows]
    assert {one.KIND for one in read} == set(KINDS)


async def test_what_was_arranged_at_the_desk_is_an_agreed_meeting_without_a_wish(portal: Desk) -> None:
    arranged = examples_of(BilateralArranged).full
    await portal.hear(arranged)
    async with portal.database.engine.connect() as connection:
        (document,) = (
            await connection.execute(select(records.c.document).where(records.c.kind == Meeting.KIND))
        ).scalars()
    meeting = Meeting.model_validate(document)
    assert (meeting.parties, meeting.wish) == (("KE", "RW", "INTERPOL"), None)
    assert meeting.progress is not None
    assert (meeting.progress.state, meeting.progress.awaiting) == ("agreed", ())


async def test_nothing_is_promised_about_the_order_between_streams(portal: Desk) -> None:
    for fact in reversed(PUBLIC):
        await portal.hear(examples_of(fact).minimal)
