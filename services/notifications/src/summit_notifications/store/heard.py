"""What was heard that letters rest on, as rows; an edition is read once per transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_contracts.editions import Edition
from summit_contracts.registration import Contact, InvitationIssued, Step
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.known import Known
from summit_notifications.store.tables import calendar, contacts, editions, extensions, invitations

_CONTACTS: TypeAdapter[tuple[Contact, ...]] = TypeAdapter(tuple[Contact, ...])


class SqlHeard:
    """What was heard that letters rest on."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._known: dict[str, Known] = {}

    async def known(self, edition_id: str) -> Known:
        """Everything heard about the edition; the same object until something is heard in this transaction."""
        if edition_id not in self._known:
            self._known[edition_id] = Known(
                edition=await self._edition(edition_id),
                invitations={
                    row.invitee: InvitationIssued.model_validate(row.issued)
                    for row in await self._rows(invitations, edition_id)
                },
                extensions={
                    (row.invitee, row.step): row.until_at for row in await self._rows(extensions, edition_id)
                },
                calendar={
                    row.bilateral_id: CalendarEntry.model_validate(row.entry)
                    for row in await self._rows(calendar, edition_id)
                },
            )
        return self._known[edition_id]

    async def contacts(self, edition_id: str, invitee: str) -> tuple[Contact, ...]:
        """Whom letters to the invitee go to; nobody where nobody was named yet."""
        query = select(contacts.c.contacts).where(
            contacts.c.edition_id == edition_id, contacts.c.invitee == invitee
        )
        return _CONTACTS.validate_python((await self._connection.execute(query)).scalar_one_or_none() or [])

    async def edition(self, edition: Edition, revision: int) -> None:
        """An edition was published; a lower revision than the one known changes nothing."""
        values = {
            "edition_id": edition.edition_id,
            "revision": revision,
            "edition": edition.model_dump(mode="json"),
        }
        statement = insert(editions).values(values)
        await self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=["edition_id"], set_=values, where=editions.c.revision < revision
            )
        )
        self._known.pop(edition.edition_id, None)

    async def invitation(self, issued: InvitationIssued) -> None:
        """An invitee was invited."""
        key = {"edition_id": issued.edition_id, "invitee": issued.invitee}
        await self._put(invitations, key, {"issued": issued.model_dump(mode="json")})
        if known := self._known.get(issued.edition_id):
            self._know(known, invitations={**known.invitations, issued.invitee: issued})

    async def extension(self, edition_id: str, invitee: str, step: Step, until_at: datetime) -> None:
        """An invitee has more time."""
        key = {"edition_id": edition_id, "invitee": invitee, "step": step}
        await self._put(extensions, key, {"until_at": until_at})
        self._known.pop(edition_id, None)

    async def named(self, edition_id: str, invitee: str, named: Sequence[Contact]) -> None:
        """Whom letters to the invitee go to from now on."""
        key = {"edition_id": edition_id, "invitee": invitee}
        await self._put(contacts, key, {"contacts": [one.model_dump(mode="json") for one in named]})

    async def calendar(self, entry: CalendarEntry) -> None:
        """A meeting stands in calendars like this."""
        key = {"edition_id": entry.edition_id, "bilateral_id": entry.bilateral_id}
        await self._put(calendar, key, {"entry": entry.model_dump(mode="json")})
        if known := self._known.get(entry.edition_id):
            self._know(known, calendar={**known.calendar, entry.bilateral_id: entry})

    def _know(self, known: Known, **changed: Any) -> None:
        fields = {name: getattr(known, name) for name in ("edition", "invitations", "extensions", "calendar")}
        edition = known.edition
        if edition is not None:
            self._known[edition.edition_id] = Known(**{**fields, **changed})

    async def _edition(self, edition_id: str) -> Edition | None:
        query = select(editions.c.edition).where(editions.c.edition_id == edition_id)
        found = (await self._connection.execute(query)).scalar_one_or_none()
        return Edition.model_validate(found) if found else None

    async def _rows(self, table: Table, edition_id: str) -> Sequence[Any]:
        return (await self._connection.execute(select(table).where(table.c.edition_id == edition_id))).all()

    async def _put(self, table: Table, key: dict[str, Any], values: dict[str, Any]) -> None:
        statement = insert(table).values({**key, **values})
        await self._connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))
