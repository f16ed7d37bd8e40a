"""What was heard that letters rest on, as rows; an edition is read once per transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Table, select
from sqlalchemy.dialects.postgresql import insert

from summit_chassis.database import Transaction
from summit_chassis.editions import HeardEditions
from summit_contracts.editions import Edition
from summit_contracts.registration import Contact, InvitationIssued, Step
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.known import Known
from summit_notifications.store.tables import calendar, contacts, editions, extensions, invitations

V = TypeVar("V")
_CONTACTS: TypeAdapter[tuple[Contact, ...]] = TypeAdapter(tuple[Contact, ...])


class SqlHeard:
    """What was heard that letters rest on; what one transaction hears is written as a set, at its end."""

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection
        self._editions = HeardEditions(transaction.connection, editions)
        self._known: dict[str, Known] = {}
        self._contacts: dict[tuple[str, str], dict[str, Any]] = {}
        self._invited: dict[tuple[str, str], InvitationIssued] = {}
        self._entered: dict[tuple[str, str], CalendarEntry] = {}
        transaction.before_commit(self._write)

    async def known(self, edition_id: str) -> Known:
        """Everything heard about the edition; it grows with what is heard in this transaction."""
        if edition_id not in self._known:
            await self._write()
            self._known[edition_id] = Known(
                edition=await self._editions.get(edition_id),
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
        if (edition_id, invitee) in self._contacts:
            return _CONTACTS.validate_python(self._contacts[edition_id, invitee]["contacts"])
        query = select(contacts.c.contacts).where(
            contacts.c.edition_id == edition_id, contacts.c.invitee == invitee
        )
        return _CONTACTS.validate_python((await self._connection.execute(query)).scalar_one_or_none() or [])

    async def edition(self, edition: Edition, revision: int) -> None:
        """An edition was published; a lower revision than the one known changes nothing."""
        await self._editions.save(edition, revision)
        self._known.pop(edition.edition_id, None)

    async def invitation(self, issued: InvitationIssued) -> None:
        """An invitee was invited."""
        self._invited[issued.edition_id, issued.invitee] = issued
        if known := self._known.get(issued.edition_id):
            _mutable(known.invitations)[issued.invitee] = issued

    async def extension(self, edition_id: str, invitee: str, step: Step, until_at: datetime) -> None:
        """An invitee has more time."""
        row = {"edition_id": edition_id, "invitee": invitee, "step": step, "until_at": until_at}
        await self._put_all(extensions, ("edition_id", "invitee", "step"), [row])
        self._known.pop(edition_id, None)

    async def named(self, edition_id: str, invitee: str, named: Sequence[Contact]) -> None:
        """Whom letters to the invitee go to from now on."""
        self._contacts[edition_id, invitee] = {
            "edition_id": edition_id,
            "invitee": invitee,
            "contacts": [one.model_dump(mode="json") for one in named],
        }

    async def calendar(self, entry: CalendarEntry) -> None:
        """A meeting stands in calendars like this."""
        self._entered[entry.edition_id, entry.bilateral_id] = entry
        if known := self._known.get(entry.edition_id):
            _mutable(known.calendar)[entry.bilateral_id] = entry

    async def _write(self) -> None:
        await self._put_all(contacts, ("edition_id", "invitee"), list(self._contacts.values()))
        issued = [
            {"edition_id": edition_id, "invitee": invitee, "issued": one.model_dump(mode="json")}
            for (edition_id, invitee), one in self._invited.items()
        ]
        await self._put_all(invitations, ("edition_id", "invitee"), issued)
        entries = [
            {"edition_id": edition_id, "bilateral_id": bilateral_id, "entry": one.model_dump(mode="json")}
            for (edition_id, bilateral_id), one in self._entered.items()
        ]
        await self._put_all(calendar, ("edition_id", "bilateral_id"), entries)
        self._invited.clear()
        self._entered.clear()

    async def published(self, edition_id: str) -> Edition | None:
        """The edition, or none where it was not heard of."""
        return await self._editions.get(edition_id)

    async def _rows(self, table: Table, edition_id: str) -> Sequence[Any]:
        return (await self._connection.execute(select(table).where(table.c.edition_id == edition_id))).all()

    async def _put_all(self, table: Table, key: tuple[str, ...], rows: list[dict[str, Any]]) -> None:
        if not rows:
            return
        statement = insert(table)
        changed = {name: statement.excluded[name] for name in rows[0] if name not in key}
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=list(key), set_=changed), rows
        )


def _mutable(mapping: Mapping[str, V]) -> dict[str, V]:
    """The same mapping: readers see it as it grows, so that nothing is copied for each fact."""
    if not isinstance(mapping, dict):
        raise TypeError(type(mapping))
    return mapping
