"""Letters and the timetables that are being gathered, as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from summit_contracts.notifications import LetterRecipient
from summit_contracts.values import Language
from summit_notifications.domain.answers import Answer
from summit_notifications.domain.delivery import Delivery, DeliveryState
from summit_notifications.domain.digest import Publication
from summit_notifications.domain.draft import Audience, Letter, LetterDraft
from summit_notifications.domain.ports import Kept
from summit_notifications.store.tables import letters, publications

_RECIPIENTS: TypeAdapter[tuple[LetterRecipient, ...]] = TypeAdapter(tuple[LetterRecipient, ...])
_ANSWER: TypeAdapter[Answer | None] = TypeAdapter(Answer | None)
_PUBLICATION = TypeAdapter(Publication)
_ON_THE_WAY = ("queued", "retrying", "sending", "handing_over")
_WAITING = ("queued", "retrying")


class SqlLetters:
    """Every letter that was ever written, and how far it has come."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, drafts: Sequence[LetterDraft], *, now: datetime) -> None:
        """They wait to be sent; one that was drafted before is not written twice."""
        if drafts:
            await self._connection.execute(
                insert(letters).on_conflict_do_nothing(index_elements=["letter_id"]),
                [_new_row(draft, now) for draft in drafts],
            )

    async def get(self, edition_id: str, letter_id: str) -> Kept | None:
        """The letter, or none."""
        query = select(letters).where(letters.c.edition_id == edition_id, letters.c.letter_id == letter_id)
        return next(iter(await self._all(query)), None)

    async def hold(self, letter_id: str) -> Kept | None:
        """The same, for a change."""
        query = select(letters).where(letters.c.letter_id == letter_id).with_for_update()
        return next(iter(await self._all(query)), None)

    async def hold_due(self, now: datetime, *, limit: int) -> Sequence[Kept]:
        """Up to `limit` letters that are due, or whose attempt's time is over, the longest due first; held by nobody else."""
        query = (
            select(letters)
            .where(letters.c.state.in_(_ON_THE_WAY), letters.c.due_at <= now)
            .order_by(letters.c.due_at)
            .limit(limit)
        )
        return await self._all(query.with_for_update(skip_locked=True))

    async def hold_waiting(self, edition_id: str, invitee: str) -> Sequence[Kept]:
        """Letters to the invitee that wait, for a change."""
        query = select(letters).where(
            letters.c.edition_id == edition_id, letters.c.invitee == invitee, letters.c.state.in_(_WAITING)
        )
        return await self._all(query.order_by(letters.c.letter_id).with_for_update())

    async def page(
        self, edition_id: str, *, invitee: str | None, state: str | None, after: str | None, limit: int
    ) -> Sequence[Kept]:
        """Up to `limit` letters whose id stands behind `after`, in the order of ids."""
        query = select(letters).where(letters.c.edition_id == edition_id, letters.c.letter_id > (after or ""))
        if invitee is not None:
            query = query.where(letters.c.invitee == invitee)
        if state is not None:
            query = query.where(letters.c.state == state)
        return await self._all(query.order_by(letters.c.letter_id).limit(limit))

    async def save(self, *deliveries: Delivery) -> None:
        """They are as given."""
        for delivery in deliveries:
            await self._connection.execute(
                update(letters)
                .where(letters.c.letter_id == delivery.letter_id)
                .values(_delivery_row(delivery))
            )

    async def forget(self, letter_id: str) -> None:
        """What the letter said is not kept any more."""
        await self._connection.execute(
            update(letters).where(letters.c.letter_id == letter_id).values(content=None)
        )

    async def _all(self, query: Select[Any]) -> list[Kept]:
        return [_kept(row) for row in await self._connection.execute(query)]


class SqlPublications:
    """Timetables that are being gathered."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def hold(self, edition_id: str, number: int) -> Publication | None:
        """The one of this number, for a change; none where nothing of it was heard."""
        query = select(publications.c.publication).where(
            publications.c.edition_id == edition_id, publications.c.number == number
        )
        found = (await self._connection.execute(query.with_for_update())).scalar_one_or_none()
        return _PUBLICATION.validate_python(found) if found else None

    async def hold_open(self, edition_id: str | None = None) -> Sequence[Publication]:
        """Those with something still to be told, for a change; of every edition where none is named."""
        query = select(publications.c.publication).where(publications.c.is_open)
        if edition_id is not None:
            query = query.where(publications.c.edition_id == edition_id)
        rows = await self._connection.execute(query.order_by(publications.c.number).with_for_update())
        return [_PUBLICATION.validate_python(found) for found in rows.scalars()]

    async def save(self, publication: Publication) -> None:
        """It is as given; open as long as it has changes that nobody was told."""
        values = {
            "publication": _PUBLICATION.dump_python(publication, mode="json"),
            "is_open": bool(publication.changes),
        }
        key = {"edition_id": publication.edition_id, "number": publication.number}
        statement = insert(publications).values({**key, **values})
        await self._connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=values))


def _new_row(draft: LetterDraft, now: datetime) -> dict[str, Any]:
    delivery = Delivery(
        edition_id=draft.edition_id,
        letter_id=draft.letter_id,
        letter=draft.letter.value,
        invitee=draft.invitee,
        member_id=draft.member_id,
        state=DeliveryState.QUEUED,
        due_at=now,
        void_at=draft.void_at,
    )
    return {
        "letter_id": draft.letter_id,
        "edition_id": draft.edition_id,
        "letter": draft.letter.value,
        "invitee": draft.invitee,
        "member_id": draft.member_id,
        "cause": draft.cause,
        "audience": draft.audience.value,
        "part": draft.part,
        "content": draft.content.model_dump(mode="json"),
        "written_at": now,
        **_delivery_row(delivery),
    }


def _delivery_row(delivery: Delivery) -> dict[str, Any]:
    return {
        "state": delivery.state.value,
        "due_at": delivery.due_at,
        "void_at": delivery.void_at,
        "first_tried_at": delivery.first_tried_at,
        "attempts": delivery.attempts,
        "attempt_id": delivery.attempt_id,
        "is_last_attempt": delivery.is_last_attempt,
        "language": delivery.language.value if delivery.language else None,
        "recipients": _RECIPIENTS.dump_python(delivery.recipients, mode="json"),
        "reason": delivery.reason,
        "answer": _ANSWER.dump_python(delivery.answer, mode="json"),
    }


def _kept(row: Any) -> Kept:
    delivery = Delivery(
        edition_id=row.edition_id,
        letter_id=row.letter_id,
        letter=row.letter,
        invitee=row.invitee,
        member_id=row.member_id,
        state=DeliveryState(row.state),
        due_at=row.due_at,
        void_at=row.void_at,
        first_tried_at=row.first_tried_at,
        attempts=row.attempts,
        attempt_id=row.attempt_id,
        is_last_attempt=row.is_last_attempt,
        language=Language(row.language) if row.language else None,
        recipients=_RECIPIENTS.validate_python(row.recipients),
        reason=row.reason,
        answer=_ANSWER.validate_python(row.answer),
    )
    return Kept(_draft(row) if row.content is not None else None, delivery, row.written_at)


def _draft(row: Any) -> LetterDraft:
    letter = Letter(row.letter)
    return LetterDraft(
        edition_id=row.edition_id,
        letter=letter,
        invitee=row.invitee,
        content=letter.content.model_validate(row.content),
        cause=row.cause,
        audience=Audience(row.audience),
        member_id=row.member_id,
        part=row.part,
        void_at=row.void_at,
    )
