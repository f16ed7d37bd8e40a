"""Editions as a service has heard of them from registration: what every service needs and only registration owns."""

from collections.abc import MutableMapping
from typing import NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import (
    Column,
    ColumnElement,
    Engine,
    Integer,
    MetaData,
    ScalarSelect,
    Table,
    Text,
    bindparam,
    column,
    literal_column,
    select,
)
from sqlalchemy import table as lightweight
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_contracts.editions import Edition


def table(metadata: MetaData) -> Table:
    """Adds the editions to a service's own tables, so that its migrations hold them."""
    return Table(
        "editions",
        metadata,
        Column("edition_id", Text, primary_key=True),
        Column("revision", Integer, nullable=False),
        Column("edition", JSONB, nullable=False),
    )


class Published(NamedTuple):
    """An edition as it was published last; `revision` counts its publications from 1."""

    edition: Edition
    revision: int


class _Read(NamedTuple):
    """An edition as this process has read it, and the version of the row that said so."""

    row: str
    published: Published


_read: MutableMapping[Engine, dict[str, _Read]] = WeakKeyDictionary()
"""An edition has hundreds of invitees and is asked for by every request, and changes a few times in its life."""

_ROW = literal_column("xmin || '/' || ctid || '/' || revision", Text)
"""Another one for every publication, also where one was rolled back: no two transactions have the same number."""


def row_of(edition_id: ColumnElement[str]) -> ScalarSelect[str]:
    """The row of an edition as it is now, for `published`: a column of a query that is made on the way."""
    editions = lightweight("editions", column("edition_id", Text))
    return select(_ROW).select_from(editions).where(editions.c.edition_id == edition_id).scalar_subquery()


_VERSION = select(row_of(bindparam("edition_id")))
_EDITION = sql(
    "SELECT CAST(edition AS text) AS edition, revision FROM editions WHERE edition_id = :edition_id"
)


async def published(
    connection: AsyncConnection, edition_id: str, *, row: str | None = None
) -> Published | None:
    """The edition as the table `editions` has it now, or none; read and checked only where it is another one than before.

    `row` is its row as this transaction saw it, where it did already (`row_of`).
    """
    known = _read.setdefault(connection.sync_connection.engine, {})  # type: ignore[union-attr]  # it is open
    asked = {"edition_id": edition_id}
    row = row or (await connection.execute(_VERSION, asked)).scalar_one_or_none()
    if row is None:
        return None
    if edition_id not in known or known[edition_id].row != row:
        edition, revision = (await connection.execute(_EDITION, asked)).one()
        known[edition_id] = _Read(row, Published(Edition.model_validate_json(edition), revision))
    return known[edition_id].published


class HeardEditions:
    """The editions a service has heard of."""

    def __init__(self, connection: AsyncConnection, editions: Table) -> None:
        self._connection = connection
        self._editions = editions

    async def get(self, edition_id: str) -> Edition | None:
        """The edition, or none."""
        found = await published(self._connection, edition_id)
        return found.edition if found else None

    async def hold(self, edition_id: str) -> Edition | None:
        """The same; until the transaction ends, nobody else holds it."""
        query = select(self._editions.c.edition_id).where(self._editions.c.edition_id == edition_id)
        held = (await self._connection.execute(query.with_for_update())).scalar_one_or_none()
        return await self.get(edition_id) if held else None

    async def save(self, edition: Edition, revision: int) -> None:
        """It is as given, unless a higher revision is known already."""
        values = {
            "edition_id": edition.edition_id,
            "revision": revision,
            "edition": edition.model_dump(mode="json"),
        }
        statement = insert(self._editions).values(values)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["edition_id"], set_=values, where=self._editions.c.revision < revision
            )
        )
