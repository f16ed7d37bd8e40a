"""Adherences to compacts as rows."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_pledges.domain.compact import Adherence, AdherenceStage, Instrument
from summit_pledges.domain.errors.steps import PledgeChanged
from summit_pledges.store.tables import adherences

_INSTRUMENT: TypeAdapter[Instrument | None] = TypeAdapter(Instrument | None)


class SqlAdherences:
    """What every invitee has said about every compact; nothing is ever taken out."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, edition_id: str, compact: str, adherent: str) -> Adherence | None:
        """The adherence, or none where nothing was said."""
        return await self._one(_of(edition_id, compact).where(adherences.c.adherent == adherent))

    async def hold(self, edition_id: str, compact: str, adherent: str) -> Adherence | None:
        """The same, for a change."""
        query = _of(edition_id, compact).where(adherences.c.adherent == adherent)
        return await self._one(query.with_for_update())

    async def add(self, adherence: Adherence) -> None:
        """The adherence is kept from now on.

        Raises:
            PledgeChanged: somebody said something about it at the same moment.
        """
        statement = insert(adherences).values(_row(adherence)).on_conflict_do_nothing()
        if not (await self._connection.execute(statement)).rowcount:
            raise PledgeChanged(0, 1)

    async def save(self, adherence: Adherence) -> None:
        """The adherence stands so from now on."""
        is_it = (
            (adherences.c.edition_id == adherence.edition_id)
            & (adherences.c.compact == adherence.compact)
            & (adherences.c.adherent == adherence.adherent)
        )
        await self._connection.execute(update(adherences).where(is_it).values(_row(adherence)))

    async def of(self, edition_id: str, compact: str) -> Sequence[Adherence]:
        """All about this compact, in the order of codes."""
        query = _of(edition_id, compact).order_by(adherences.c.adherent)
        return [_adherence(row) for row in await self._connection.execute(query)]

    async def _one(self, query: Select[Any]) -> Adherence | None:
        row = (await self._connection.execute(query)).one_or_none()
        return _adherence(row) if row else None


def _of(edition_id: str, compact: str) -> Select[Any]:
    return select(adherences).where(adherences.c.edition_id == edition_id, adherences.c.compact == compact)


def _row(adherence: Adherence) -> dict[str, Any]:
    return {
        "edition_id": adherence.edition_id,
        "compact": adherence.compact,
        "adherent": adherence.adherent,
        "stage": adherence.stage.value,
        "revision": adherence.revision,
        "is_known": adherence.is_known,
        "notified_on": adherence.notified_on,
        "instrument": _INSTRUMENT.dump_python(adherence.instrument, mode="json"),
        "withdrawn_on": adherence.withdrawn_on,
    }


def _adherence(row: Any) -> Adherence:
    return Adherence(
        edition_id=row.edition_id,
        compact=row.compact,
        adherent=row.adherent,
        stage=AdherenceStage(row.stage),
        revision=row.revision,
        is_known=row.is_known,
        notified_on=row.notified_on,
        instrument=_INSTRUMENT.validate_python(row.instrument),
        withdrawn_on=row.withdrawn_on,
    )
