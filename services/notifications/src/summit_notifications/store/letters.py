"""Letters and the timetables that are being gathered, as rows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ARRAY, Select, Text, any_, bindparam, desc, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from summit_chassis import rows
from summit_chassis.database import Transaction
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
_AGE = (letters.c.written_at, letters.c.letter_id)
"""Letters of one moment are in the order of ids, so that no page holds one again or leaves one out."""
_HOLD = (
    select(letters)
    .where(letters.c.letter_id == any_(bindparam("letter_ids", type_=ARRAY(Text))))
    .order_by(
        letters.c.letter_id
    )  # always locked in the same order: two transactions never wait for each other
    .with_for_update()
)
_HOLD_DUE = (
    select(letters)
    .where(letters.c.state.in_(_ON_THE_WAY), letters.c.due_at <= bindparam("now"))
    .order_by(letters.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
"""Statements of every letter, made once: making them costs SQLAlchemy as much as running them."""
POST = "post"
"""Who is woken when a letter waits to be sent."""


class SqlLetters:
    """Every letter that was ever written, and how far it has come."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection
        self._new: list[dict[str, Any]] = []
        self._changed: dict[str, Delivery] = {}
        self._woken: dict[str, set[str]] = {}
        transaction.before_commit(self._write)

    async def add(self, drafts: Sequence[LetterDraft], *, now: datetime) -> None:
        """They wait to be sent; one that was drafted before is not written twice. Written as a set, at the end."""
        self._new.extend(_new_row(draft, now) for draft in drafts)
        self._transaction.wake(POST)

    async def wake(self, edition_id: str, invitee: str) -> None:
        """Letters to the invitee that wait are attempted at once: an address has become known."""
        self._woken.setdefault(edition_id, set()).add(invitee)
        self._transaction.wake(POST)

    async def _write(self) -> None:
        if self._new:
            await self._connection.execute(
                insert(letters).on_conflict_do_nothing(index_elements=["letter_id"]), self._new
            )
        changed = [{"letter_id": key, **_delivery_row(one)} for key, one in self._changed.items()]
        await rows.change(self._transaction.driven, letters, changed)
        for edition_id, invitees in self._woken.items():
            waits = (
                (letters.c.edition_id == edition_id)
                & letters.c.invitee.in_(invitees)
                & letters.c.state.in_(_WAITING)
            )
            await self._connection.execute(
                update(letters).where(waits).values(due_at=func.least(letters.c.due_at, letters.c.written_at))
            )

    async def get(self, edition_id: str, letter_id: str) -> Kept | None:
        """The letter, or none."""
        query = select(letters).where(letters.c.edition_id == edition_id, letters.c.letter_id == letter_id)
        return next(iter(await self._all(query)), None)

    async def hold(self, *letter_ids: str) -> Mapping[str, Kept]:
        """Those of these letters that there are, by their ids, for a change."""
        held = await self._all(_HOLD, letter_ids=list(letter_ids))
        return {kept.delivery.letter_id: kept for kept in held}

    async def hold_due(self, now: datetime, *, limit: int) -> Sequence[Kept]:
        """Up to `limit` letters that are due, or whose attempt's time is over, the longest due first; held by nobody else."""
        return await self._all(_HOLD_DUE, now=now, most=limit)

    async def page(
        self, edition_id: str, *, invitee: str | None, state: str | None, after: str | None, limit: int
    ) -> Sequence[Kept]:
        """Up to `limit` letters, the newest first, that were written before the one of id `after`."""
        query = select(letters).where(letters.c.edition_id == edition_id)
        if after is not None:
            written = select(letters.c.written_at).where(letters.c.letter_id == after).scalar_subquery()
            query = query.where(tuple_(*_AGE) < tuple_(written, after))
        if invitee is not None:
            query = query.where(letters.c.invitee == invitee)
        if state is not None:
            query = query.where(letters.c.state == state)
        return await self._all(query.order_by(*map(desc, _AGE)).limit(limit))

    async def save(self, *deliveries: Delivery) -> None:
        """They are as given. Written as a set, at the end; until then nobody reads them again."""
        self._changed.update((delivery.letter_id, delivery) for delivery in deliveries)

    async def forget(self, letter_id: str) -> None:
        """What the letter said is not kept any more."""
        await self._connection.execute(
            update(letters).where(letters.c.letter_id == letter_id).values(content=None)
        )

    async def _all(self, query: Select[Any], **of: Any) -> list[Kept]:
        return [_kept(row) for row in await self._connection.execute(query, of)]


class SqlPublications:
    """Timetables that are being gathered; each is read and written once in a transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._connection = transaction.connection
        self._held: dict[tuple[str, int], Publication] = {}
        self._changed: set[tuple[str, int]] = set()
        transaction.before_commit(self._write)

    async def hold(self, edition_id: str, number: int) -> Publication | None:
        """The one of this number, for a change; none where nothing of it was heard."""
        if (edition_id, number) not in self._held:
            query = select(publications.c.publication).where(
                publications.c.edition_id == edition_id, publications.c.number == number
            )
            found = (await self._connection.execute(query.with_for_update())).scalar_one_or_none()
            if found is None:
                return None
            self._held[edition_id, number] = _PUBLICATION.validate_python(found)
        return self._held[edition_id, number]

    async def hold_open(self, edition_id: str | None = None) -> Sequence[Publication]:
        """Those with something still to be told, for a change; of every edition where none is named."""
        await self._write()
        query = select(publications.c.edition_id, publications.c.number).where(publications.c.is_open)
        if edition_id is not None:
            query = query.where(publications.c.edition_id == edition_id)
        rows = (await self._connection.execute(query.order_by(publications.c.number))).all()
        held = [await self.hold(row.edition_id, row.number) for row in rows]
        return [publication for publication in held if publication is not None]

    async def save(self, publication: Publication) -> None:
        """It is as given; open as long as it has changes that nobody was told."""
        key = (publication.edition_id, publication.number)
        self._held[key] = publication
        self._changed.add(key)

    async def _write(self) -> None:
        for key in sorted(self._changed):
            publication = self._held[key]
            values = {
                "publication": _PUBLICATION.dump_python(publication, mode="json"),
                "is_open": bool(publication.changes),
            }
            named = {"edition_id": publication.edition_id, "number": publication.number}
            statement = insert(publications).values({**named, **values})
            await self._connection.execute(
                statement.on_conflict_do_update(index_elements=list(named), set_=values)
            )
        self._changed.clear()


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
