"""Who rests until there is something to do is woken by the commit that left it, and by nothing else."""

import asyncio

import pytest

from summit_chassis.database import Database


class Undone(Exception):
    """The transaction is rolled back."""


async def test_a_commit_wakes_whom_it_was_to_wake_and_a_rollback_nobody(probe_url: str) -> None:
    database = Database(probe_url, service="probe", pool=2)
    post, other = database.signal("post"), database.signal("other")

    async def come_to_nothing() -> None:
        async with database.transaction() as transaction:
            transaction.wake("post")
            raise Undone

    with pytest.raises(Undone):
        await come_to_nothing()
    assert not post.is_set()
    async with database.transaction() as transaction:
        transaction.wake("post")
        assert not post.is_set(), "woken before there was anything to see"
    assert post.is_set()
    assert not other.is_set()
    await asyncio.wait_for(database.signal("post").wait(), timeout=1)
    await database.dispose()
