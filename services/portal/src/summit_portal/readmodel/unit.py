"""One transaction of hearing: what facts change is gathered and written as a set."""

from collections.abc import Iterable
from typing import Any, TypeVar

from pydantic_core import to_jsonable_python
from sqlalchemy import bindparam, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB

from summit_chassis.database import Transaction
from summit_chassis.editions import HeardEditions
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact
from summit_portal.readmodel.kinds import Record
from summit_portal.store.tables import editions, happenings, records

R = TypeVar("R", bound=Record)
_Place = tuple[str, str, str]

_WRITE = text("""
    INSERT INTO records AS known (edition_id, kind, key, invitees, document)
    SELECT edition_id, kind, key, invitees, document FROM jsonb_to_recordset(:rows)
      AS changed (edition_id text, kind text, key text, invitees text[], document jsonb)
    ON CONFLICT (edition_id, kind, key) DO UPDATE
    SET document = known.document || excluded.document, invitees = excluded.invitees
""").bindparams(bindparam("rows", type_=JSONB))


_LOAD = text("""
    SELECT edition_id, key, document FROM records
    WHERE kind = :kind AND (edition_id, key) IN
      (SELECT * FROM unnest(CAST(:editions AS text[]), CAST(:keys AS text[])))
""").columns(document=JSONB)
_ONE_AFTER_THE_OTHER = text("SELECT pg_advisory_xact_lock(hashtext('summit-portal-happenings'))")
"""Held until the commit, and taken last: happenings are numbered in the order in which they are seen."""


class ReadModelUnit:
    """What one transaction hears. Only the fields that a fact speaks of are written; the others stay as they are."""

    def __init__(self, transaction: Transaction, *, tells: bool = True) -> None:
        """`tells` is false where what is heard happened long ago, and those who look on know."""
        self._connection = transaction.connection
        self.editions = HeardEditions(transaction.connection, editions)
        self._changed: dict[_Place, dict[str, Any]] = {}
        self._invitees: dict[_Place, list[str]] = {}
        self._read: dict[_Place, dict[str, Any]] = {}
        self._noted: list[dict[str, Any]] = []
        self._tells = tells
        transaction.before_commit(self._write)

    def note(self, event: Envelope[Fact]) -> None:
        """Whoever looks on is told of this fact once it is committed."""
        if not self._tells:
            return
        self._noted.append(
            {
                "edition_id": event.data.edition_id,
                "type": event.type,
                "event_id": event.id,
                "about": event.aggregateid,
                "happened_at": event.time,
            }
        )

    def change(
        self, record: type[Record], edition_id: str, key: str, invitees: Iterable[str], /, **fields: Any
    ) -> None:
        """These fields of the record are as given; a record that was not there begins with them."""
        place = (edition_id, record.KIND, key)
        self._changed.setdefault(place, {}).update(to_jsonable_python(fields))
        self._invitees[place] = list(invitees)

    async def load(self, kind: type[Record], keys: Iterable[tuple[str, str]]) -> None:
        """What `get` will be asked for, by edition and key, is read with one question."""
        wanted = sorted(set(keys))
        if not wanted:
            return
        asked = {
            "kind": kind.KIND,
            "editions": [one for one, _ in wanted],
            "keys": [one for _, one in wanted],
        }
        found = await self._connection.execute(_LOAD, asked)
        self._read |= {(edition_id, kind.KIND, key): {} for edition_id, key in wanted}
        self._read |= {(edition_id, kind.KIND, key): document for edition_id, key, document in found}

    async def get(self, kind: type[R], edition_id: str, key: str) -> R | None:
        """The record as it stands within this transaction, or none."""
        place = (edition_id, kind.KIND, key)
        if place not in self._read:
            query = select(records.c.document).where(
                records.c.edition_id == edition_id, records.c.kind == kind.KIND, records.c.key == key
            )
            self._read[place] = (await self._connection.execute(query)).scalar_one_or_none() or {}
        document = self._read[place] | self._changed.get(place, {})
        return kind.model_validate(document) if document else None

    async def _write(self) -> None:
        rows = [
            {
                "edition_id": edition_id,
                "kind": kind,
                "key": key,
                "invitees": self._invitees[edition_id, kind, key],
                "document": fields,
            }
            for (edition_id, kind, key), fields in sorted(self._changed.items(), key=lambda one: one[0])
        ]
        # Sorted, so that two streams that speak of the same records never wait for each other in a ring.
        if rows:
            await self._connection.execute(_WRITE, {"rows": rows})
        if self._noted:
            await self._connection.execute(_ONE_AFTER_THE_OTHER)
            await self._connection.execute(insert(happenings), self._noted)
