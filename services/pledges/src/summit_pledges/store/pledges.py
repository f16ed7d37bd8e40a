"""Pledges as rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Select, and_, delete, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_contracts.promises import HeldBack, Promise, Side
from summit_pledges.domain.errors.steps import ReferenceTaken
from summit_pledges.domain.history import UNDER_WAY, Stage, Step
from summit_pledges.domain.pledge import Pledge
from summit_pledges.domain.ports import Sought
from summit_pledges.domain.readers import Reader
from summit_pledges.domain.visibility import Openness, Visibility
from summit_pledges.store.tables import pledges

_HISTORY: TypeAdapter[tuple[Step, ...]] = TypeAdapter(tuple[Step, ...])
_HOLDING = tuple(stage.value for stage in (*UNDER_WAY, Stage.FULFILLED))
_REFERENCE_INDEX = "pledges_reference"


class SqlPledges:
    """All pledges, drafts included."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, pledge: Pledge) -> None:
        """The pledge is kept from now on.

        Raises:
            ReferenceTaken: the edition has a pledge with its register number.
        """
        statement = insert(pledges).values(_row(pledge))
        if pledge.promise.reference is not None:
            statement = statement.on_conflict_do_nothing(
                index_elements=["edition_id", "reference"], index_where=pledges.c.reference.is_not(None)
            )
        if not (await self._connection.execute(statement)).rowcount:
            raise ReferenceTaken(pledge.promise.reference or "")

    async def get(self, edition_id: str, pledge_id: str) -> Pledge | None:
        """The pledge, or none."""
        return await self._one(_of(edition_id).where(pledges.c.pledge_id == pledge_id))

    async def hold(self, edition_id: str, pledge_id: str) -> Pledge | None:
        """The same, for a change."""
        return await self._one(_of(edition_id).where(pledges.c.pledge_id == pledge_id).with_for_update())

    async def save(self, pledge: Pledge) -> None:
        """The pledge stands so from now on.

        Raises:
            ReferenceTaken: the edition has another pledge with its register number.
        """
        try:
            await self._connection.execute(update(pledges).where(_is(pledge)).values(_row(pledge)))
        except IntegrityError as failure:
            if _REFERENCE_INDEX in str(failure.orig):
                raise ReferenceTaken(pledge.promise.reference or "") from failure
            raise

    async def discard(self, pledge: Pledge) -> None:
        """The draft is gone."""
        await self._connection.execute(delete(pledges).where(_is(pledge)))

    async def by_reference(self, edition_id: str, references: Sequence[str]) -> Mapping[str, Pledge]:
        """Those of these register numbers, by number."""
        query = _of(edition_id).where(pledges.c.reference.in_(references))
        return {row.reference: _pledge(row) for row in await self._connection.execute(query)}

    async def page(
        self, edition_id: str, sought: Sought, *, reader: Reader, after: str | None, limit: int
    ) -> Sequence[Pledge]:
        """Up to `limit` pledges that the reader sees and whose id stands behind `after`, in the order of ids."""
        query = _sought(edition_id, sought, reader).where(pledges.c.pledge_id > (after or ""))
        return await self._all(query.order_by(pledges.c.pledge_id).limit(limit))

    async def register(self, edition_id: str, sought: Sought, *, reader: Reader) -> Sequence[Pledge]:
        """All that the reader sees and that hold or were kept, in the order in which they were written down."""
        query = _sought(edition_id, sought, reader).where(pledges.c.stage.in_(_HOLDING))
        return await self._all(query.order_by(pledges.c.place))

    async def hold_under_lapsed_embargo(self, now: datetime, *, limit: int) -> Sequence[Pledge]:
        """Pledges that were made, were not published and may be since their embargo has passed, for a change."""
        query = select(pledges).where(
            pledges.c.openness == Openness.EMBARGOED.value,
            pledges.c.published_at.is_(None),
            pledges.c.embargo_until_at <= now,
            pledges.c.stage.in_(_HOLDING),
        )
        in_order = query.order_by(pledges.c.embargo_until_at, pledges.c.place).limit(limit)
        return await self._all(in_order.with_for_update(skip_locked=True))

    async def _one(self, query: Select[Any]) -> Pledge | None:
        row = (await self._connection.execute(query)).one_or_none()
        return _pledge(row) if row else None

    async def _all(self, query: Select[Any]) -> list[Pledge]:
        return [_pledge(row) for row in await self._connection.execute(query)]


def _of(edition_id: str) -> Select[Any]:
    return select(pledges).where(pledges.c.edition_id == edition_id)


def _is(pledge: Pledge) -> ColumnElement[bool]:
    return and_(pledges.c.edition_id == pledge.edition_id, pledges.c.pledge_id == pledge.pledge_id)


def _sought(edition_id: str, sought: Sought, reader: Reader) -> Select[Any]:
    wanted = (
        (pledges.c.pledger, sought.pledger),
        (pledges.c.stage, sought.stage.value if sought.stage else None),
        (pledges.c.category, sought.category),
        (pledges.c.need_id, sought.need_id),
    )
    conditions = [column == value for column, value in wanted if value is not None]
    return _of(edition_id).where(_seen_by(reader), *conditions)


def _seen_by(reader: Reader) -> ColumnElement[bool]:
    """The rule of `Reader.sees`, for the database."""
    if reader.side is None:
        return pledges.c.published_at.is_not(None)
    its_own = and_(
        or_(pledges.c.stage != Stage.DRAFT.value, pledges.c.drafted_by == reader.side.value),
        pledges.c.pledger == reader.invitee if reader.side is Side.PLEDGER else true(),
    )
    return or_(pledges.c.published_at.is_not(None), its_own)


def _row(pledge: Pledge) -> dict[str, Any]:
    promise = pledge.promise
    return {
        "edition_id": pledge.edition_id,
        "pledge_id": pledge.pledge_id,
        "pledger": pledge.pledger,
        "drafted_by": pledge.history[0].by.side.value,
        "recorded_by": pledge.recorded_by.value,
        "stage": pledge.stage.value,
        "category": promise.category,
        "need_id": promise.need_id,
        "reference": promise.reference,
        "openness": pledge.visibility.openness.value,
        "embargo_until_at": pledge.visibility.until_at,
        "held_back": sorted(part.value for part in pledge.held_back),
        "revision": pledge.revision,
        "stated_at_revision": pledge.stated_at_revision,
        "made_at": pledge.made_at,
        "published_at": pledge.published_at,
        "promise": promise.model_dump(mode="json"),
        "history": _HISTORY.dump_python(pledge.history, mode="json"),
    }


def _pledge(row: Any) -> Pledge:
    return Pledge(
        edition_id=row.edition_id,
        pledge_id=row.pledge_id,
        pledger=row.pledger,
        recorded_by=Side(row.recorded_by),
        promise=Promise.model_validate(row.promise),
        stage=Stage(row.stage),
        visibility=Visibility(Openness(row.openness), row.embargo_until_at),
        held_back=frozenset(HeldBack(part) for part in row.held_back),
        revision=row.revision,
        stated_at_revision=row.stated_at_revision,
        made_at=row.made_at,
        published_at=row.published_at,
        history=_HISTORY.validate_python(row.history),
    )
