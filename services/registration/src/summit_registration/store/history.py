"""The history as rows: added, never altered."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select

from summit_chassis.database import Transaction
from summit_contracts.values import FieldChange
from summit_registration.domain.history import Action, Entry
from summit_registration.domain.ports import Listed
from summit_registration.store.tables import history


class SqlHistory:
    """Who did what, when and why."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def append(self, *entries: Entry) -> None:
        """They stand at the end."""
        self._transaction.put({history: [_row(entry) for entry in entries]})

    async def page(
        self,
        edition_id: str,
        *,
        invitee: str | None,
        after: int | None,
        limit: int,
        without: Collection[Action] = (),
    ) -> Sequence[Listed]:
        """Up to `limit` entries behind the place `after`, oldest first; `invitee` none means of everybody."""
        query = select(history).where(history.c.edition_id == edition_id, history.c.place > (after or 0))
        if invitee is not None:
            query = query.where(history.c.invitee == invitee)
        if without:
            query = query.where(history.c.action.not_in(sorted(without)))
        found = await self._transaction.ask(query.order_by(history.c.place).limit(limit))
        return [Listed(row.place, _entry(row)) for row in found]


def _row(entry: Entry) -> dict[str, Any]:
    return {
        "edition_id": entry.edition_id,
        "invitee": entry.invitee,
        "at": entry.at,
        "by": entry.by,
        "action": entry.action,
        "why": entry.why,
        "subject": entry.subject,
        "fields": entry.fields,
        "revision": entry.revision,
    }


def _entry(row: Any) -> Entry:
    return Entry(
        edition_id=row.edition_id,
        invitee=row.invitee,
        at=row.at,
        by=row.by,
        action=Action(row.action),
        why=row.why,
        subject=row.subject,
        fields=tuple(FieldChange.model_validate(change) for change in row.fields),
        revision=row.revision,
    )
