"""Calendar feeds as rows."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from summit_chassis.database import Transaction
from summit_notifications.domain.feed import Feed
from summit_notifications.store.tables import feeds


class SqlFeeds:
    """Which feeds are open."""

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection

    async def of(self, edition_id: str, invitee: str) -> Feed | None:
        """The invitee's open feed, or none."""
        return await self._one(feeds.c.edition_id == edition_id, feeds.c.invitee == invitee)

    async def by_digest(self, edition_id: str, digest: str) -> Feed | None:
        """The open feed whose secret has this digest, or none."""
        return await self._one(feeds.c.edition_id == edition_id, feeds.c.digest == digest)

    async def open(self, feed: Feed) -> None:
        """The invitee's feed is this one; the one before is closed."""
        row = {"digest": feed.digest, "opened_at": feed.opened_at}
        named = {"edition_id": feed.edition_id, "invitee": feed.invitee}
        statement = insert(feeds).values({**named, **row})
        await self._connection.execute(statement.on_conflict_do_update(index_elements=list(named), set_=row))

    async def close(self, edition_id: str, invitee: str) -> None:
        """The invitee has no feed."""
        await self._connection.execute(
            delete(feeds).where(feeds.c.edition_id == edition_id, feeds.c.invitee == invitee)
        )

    async def _one(self, *where: Any) -> Feed | None:
        row = (await self._connection.execute(select(feeds).where(*where))).one_or_none()
        return Feed(row.edition_id, row.invitee, row.digest, row.opened_at) if row else None
