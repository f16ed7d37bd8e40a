"""Invitations as rows."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from summit_chassis.database import Transaction
from summit_chassis.driven import Statement
from summit_chassis.editions import row_of
from summit_contracts.registration import Step
from summit_contracts.values import InviteeKind, Language
from summit_registration.domain.access import Codes, Link
from summit_registration.domain.invitation import Extension, FocalPoints, Invitation, InvitationState
from summit_registration.store.editions import SqlEditions
from summit_registration.store.tables import invitations

_CODES = TypeAdapter(Codes)
_EXTENSIONS: TypeAdapter[dict[Step, Extension]] = TypeAdapter(dict[Step, Extension])
_KEY = ("edition_id", "invitee")
_ONE = select(invitations).where(
    invitations.c.edition_id == bindparam("edition_id"), invitations.c.invitee == bindparam("invitee")
)
_HOLD = Statement(
    _ONE.add_columns(row_of(invitations.c.edition_id).label("edition_row")).with_for_update(of=invitations)
)
"""With the row of its edition as it is now: who holds an invitation asks for the edition next, and knows by this which one it is."""


class SqlInvitations:
    """One per edition and invitee."""

    def __init__(self, transaction: Transaction, editions: SqlEditions) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._editions = editions

    async def get(self, edition_id: str, invitee: str) -> Invitation | None:
        """The invitation, or none."""
        return await self._one(_ONE, edition_id=edition_id, invitee=invitee)

    async def hold(self, edition_id: str, invitee: str) -> Invitation | None:
        """The same, for a change."""
        found = await self._transaction.run(_HOLD, {"edition_id": edition_id, "invitee": invitee})
        if not found:
            return None
        (row,) = found
        self._editions.note(edition_id, row.edition_row)
        return _invitation(row)

    async def hold_by_link(self, digest: str) -> Invitation | None:
        """The invitation whose link has this digest, for a change, or none."""
        return await self._one(
            select(invitations).where(invitations.c.link_digest == digest).with_for_update()
        )

    async def hold_all(self, edition_id: str) -> Mapping[str, Invitation]:
        """All of an edition's invitations by invitee, for a change."""
        query = (
            select(invitations).where(invitations.c.edition_id == edition_id).order_by(invitations.c.invitee)
        )
        rows = await self._connection.execute(query.with_for_update())
        return {row.invitee: _invitation(row) for row in rows}

    async def save(self, *saved: Invitation) -> None:
        """They are as given."""
        if not saved:
            return
        statement = insert(invitations)
        changed = {
            column.name: statement.excluded[column.name]
            for column in invitations.columns
            if column.name not in _KEY
        }
        await self._connection.execute(
            statement.on_conflict_do_update(index_elements=list(_KEY), set_=changed),
            [_row(one) for one in saved],
        )

    async def page(self, edition_id: str, *, after: str | None, limit: int) -> Sequence[Invitation]:
        """Up to `limit` invitations whose code stands behind `after`, in the order of codes."""
        query = (
            select(invitations)
            .where(invitations.c.edition_id == edition_id, invitations.c.invitee > (after or ""))
            .order_by(invitations.c.invitee)
            .limit(limit)
        )
        return [_invitation(row) for row in await self._connection.execute(query)]

    async def _one(self, query: Any, **of: str) -> Invitation | None:
        row = (await self._connection.execute(query, of)).one_or_none()
        return _invitation(row) if row else None


def _row(invitation: Invitation) -> dict[str, Any]:
    return {
        "edition_id": invitation.edition_id,
        "invitee": invitation.invitee,
        "kind": invitation.kind.value,
        "language": invitation.language.value,
        "state": invitation.state.value,
        "focal": invitation.focal.model_dump(mode="json"),
        "link_digest": invitation.link.digest,
        "link_expires_at": invitation.link.expires_at,
        "extensions": _EXTENSIONS.dump_python(dict(invitation.extensions), mode="json"),
        "codes": _CODES.dump_python(invitation.codes, mode="json"),
        "revision": invitation.revision,
    }


def _invitation(row: Any) -> Invitation:
    return Invitation(
        edition_id=row.edition_id,
        invitee=row.invitee,
        kind=InviteeKind(row.kind),
        language=Language(row.language),
        state=InvitationState(row.state),
        focal=FocalPoints.model_validate(row.focal),
        link=Link(row.link_digest, row.link_expires_at),
        extensions=MappingProxyType(_EXTENSIONS.validate_python(row.extensions)),
        codes=_CODES.validate_python(row.codes),
        revision=row.revision,
    )
