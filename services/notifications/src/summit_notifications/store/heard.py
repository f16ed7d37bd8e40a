"""What was heard that letters rest on, as rows; an edition is read once per transaction."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import ARRAY, Table, Text, any_, bindparam, select

from summit_chassis import rows
from summit_chassis.database import Transaction
from summit_chassis.driven import Statement
from summit_chassis.editions import HeardEditions
from summit_contracts.editions import Edition
from summit_contracts.registration import Contact, InvitationIssued, Step
from summit_notifications.domain.calendar import CalendarEntry
from summit_notifications.domain.known import Contacts, Known
from summit_notifications.store.tables import calendar, contacts, editions, extensions, invitations

V = TypeVar("V")
_CONTACTS: TypeAdapter[Contacts] = TypeAdapter(Contacts)
_CONTACTS_OF = Statement(
    select(contacts.c.invitee, contacts.c.contacts).where(
        contacts.c.edition_id == bindparam("edition_id"),
        contacts.c.invitee == any_(bindparam("invitees", type_=ARRAY(Text))),
    )
)


class SqlHeard:
    """What was heard that letters rest on; what one transaction hears is written as a set, at its end."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._editions = HeardEditions(transaction.connection, editions)
        self._known: dict[str, Known] = {}
        self._contacts: dict[tuple[str, str], Sequence[Contact]] = {}
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

    async def contacts(self, edition_id: str, invitees: Collection[str]) -> Mapping[str, Contacts]:
        """Whom letters to each of these invitees go to; nobody where nobody was named yet."""
        await self._write()
        asked = {"edition_id": edition_id, "invitees": sorted(invitees)}
        found = await self._transaction.run(_CONTACTS_OF, asked)
        named = {row.invitee: _CONTACTS.validate_python(row.contacts) for row in found}
        return {invitee: named.get(invitee, ()) for invitee in invitees}

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
        await rows.write(self._transaction.driven, {extensions: [row]})
        self._known.pop(edition_id, None)

    async def named(self, edition_id: str, invitee: str, named: Sequence[Contact]) -> None:
        """Whom letters to the invitee go to from now on."""
        self._contacts[edition_id, invitee] = named

    async def calendar(self, entry: CalendarEntry) -> None:
        """A meeting stands in calendars like this."""
        self._entered[entry.edition_id, entry.bilateral_id] = entry
        if known := self._known.get(entry.edition_id):
            _mutable(known.calendar)[entry.bilateral_id] = entry

    async def _write(self) -> None:
        await rows.write(
            self._transaction.driven,
            {
                contacts: [
                    {"edition_id": edition_id, "invitee": invitee, "contacts": named}
                    for (edition_id, invitee), named in self._contacts.items()
                ],
                invitations: [
                    {"edition_id": edition_id, "invitee": invitee, "issued": issued}
                    for (edition_id, invitee), issued in self._invited.items()
                ],
                calendar: [
                    {"edition_id": edition_id, "bilateral_id": bilateral_id, "entry": entry}
                    for (edition_id, bilateral_id), entry in self._entered.items()
                ],
            },
        )
        self._contacts.clear()
        self._invited.clear()
        self._entered.clear()

    async def published(self, edition_id: str) -> Edition | None:
        """The edition, or none where it was not heard of."""
        return await self._editions.get(edition_id)

    async def _rows(self, table: Table, edition_id: str) -> Sequence[Any]:
        return (await self._transaction.ask(select(table).where(table.c.edition_id == edition_id))).all()


def _mutable(mapping: Mapping[str, V]) -> dict[str, V]:
    """The same mapping: readers see it as it grows, so that nothing is copied for each fact."""
    if not isinstance(mapping, dict):
        raise TypeError(type(mapping))
    return mapping
