"""Needs as rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_contracts.promises import Need
from summit_pledges.domain.need import PublishedNeed
from summit_pledges.store.tables import needs


class SqlNeeds:
    """Every need that was published, open or closed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, need: PublishedNeed) -> None:
        """The need is kept from now on."""
        await self._connection.execute(insert(needs).values(_row(need)))

    async def get(self, edition_id: str, need_id: str) -> PublishedNeed | None:
        """The need, or none."""
        return await self._one(_of(edition_id).where(needs.c.need_id == need_id))

    async def hold(self, edition_id: str, need_id: str) -> PublishedNeed | None:
        """The same, for a change."""
        return await self._one(_of(edition_id).where(needs.c.need_id == need_id).with_for_update())

    async def save(self, need: PublishedNeed) -> None:
        """The need stands so from now on."""
        is_it = (needs.c.edition_id == need.edition_id) & (needs.c.need_id == need.need_id)
        await self._connection.execute(update(needs).where(is_it).values(_row(need)))

    async def page(self, edition_id: str, *, after: str | None, limit: int) -> Sequence[PublishedNeed]:
        """Up to `limit` needs whose id stands behind `after`, in the order of ids."""
        query = _of(edition_id).where(needs.c.need_id > (after or "")).order_by(needs.c.need_id).limit(limit)
        return [_need(row) for row in await self._connection.execute(query)]

    async def _one(self, query: Select[Any]) -> PublishedNeed | None:
        row = (await self._connection.execute(query)).one_or_none()
        return _need(row) if row else None


def _of(edition_id: str) -> Select[Any]:
    return select(needs).where(needs.c.edition_id == edition_id)


def _row(need: PublishedNeed) -> dict[str, Any]:
    return {
        "edition_id": need.edition_id,
        "need_id": need.need_id,
        "category": need.need.category,
        "capability": need.need.capability,
        "is_open": need.is_open,
        "revision": need.revision,
        "need": need.need.model_dump(mode="json"),
    }


def _need(row: Any) -> PublishedNeed:
    return PublishedNeed(
        edition_id=row.edition_id,
        need_id=row.need_id,
        need=Need.model_validate(row.need),
        is_open=row.is_open,
        revision=row.revision,
    )
