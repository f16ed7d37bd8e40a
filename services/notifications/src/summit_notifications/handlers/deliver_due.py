"""Letters that are due are brought to the post: each leaves at most once, whatever dies in between.

Three commits a letter, each shared with other letters of the moment: the attempt begins, the mail is handed over, the attempt
has ended. What they mean to a successor is told in `domain.delivery`. An attempt that takes long renews its lease meanwhile; one that knows how it ended, and has no
database to tell it to, tells it when there is one.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from summit_chassis.faults import is_passing
from summit_chassis.telemetry import caused_by, get_logger
from summit_contracts.editions import Edition
from summit_contracts.notifications import LetterFailed
from summit_notifications.domain.addressing import Addressed, addressed
from summit_notifications.domain.answers import Abandoned, Outcome
from summit_notifications.domain.delivery import Delivery, LetterFact, Patience
from summit_notifications.domain.draft import LetterDraft
from summit_notifications.domain.errors import AttemptReplaced
from summit_notifications.domain.known import Contacts, NotYetKnown
from summit_notifications.domain.letter import letter_about
from summit_notifications.domain.mail import Mail
from summit_notifications.domain.ports import Kept, Postman, Unit
from summit_notifications.handlers.records import Begin, Records

log = get_logger(__name__)

_A_MOMENT_SECONDS: Final = 0.05
"""Most letters need less; those of one moment begin together, in one transaction. So long a new one may wait for them."""
_RENEWED_IN_A_LEASE: Final = 4
_ASK_AGAIN_SECONDS: Final = 0.5

Compose = Callable[[Edition, LetterDraft, Addressed, datetime], Mail]
"""The whole mail of a draft."""


@dataclass(frozen=True, slots=True)
class Post:
    """What bringing letters away takes."""

    begin: Begin
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    compose: Compose
    postman: Postman
    patience: Patience
    records: Records = field(default_factory=Records)


@dataclass(frozen=True, slots=True)
class _Attempt:
    delivery: Delivery
    mail: Mail

    @property
    def letter_id(self) -> str:
        return self.delivery.letter_id

    @property
    def attempt_id(self) -> str:
        return self.delivery.attempt_id or ""


UnderWay = set[asyncio.Task[None]]
"""Attempts that have not come to their end."""


async def deliver_due(post: Post, under_way: UnderWay, *, at_once: int = 32) -> int:
    """Letters that are due have set out, as far as there were places; how many were looked at.

    `under_way` is waited for a moment only, so one that hangs takes its place and holds up no other. What kept one from
    being carried out is raised when it has come to its end.
    """
    attempts: list[_Attempt] = []
    try:
        looked_at = await _begin_attempts(post, at_once - len(under_way), attempts)
    except Exception as fault:
        if is_passing(fault):  # they may be on record as begun, and nobody would go on with them
            under_way |= {asyncio.create_task(_end(post, one, Abandoned())) for one in attempts}
        raise
    under_way |= {asyncio.create_task(_carry_out(post, one)) for one in attempts}
    if under_way:
        ended, _ = await asyncio.wait(under_way, timeout=_A_MOMENT_SECONDS)
        under_way -= ended
        for kept_from in [task.exception() for task in ended]:
            if kept_from is not None:
                raise kept_from
    return looked_at


async def _begin_attempts(post: Post, limit: int, attempts: list[_Attempt]) -> int:
    """How many letters were looked at; what is to be attempted of them is added to `attempts` and on record as begun."""
    if not limit:
        return 0
    now = post.now()
    async with post.begin() as unit:
        due = await unit.letters.hold_due(now, limit=limit)
        directory = await _directory([kept.draft for kept in due if kept.draft], unit=unit)
        for kept in due:
            attempt = await _begin_attempt(post, kept, directory, unit=unit, now=now)
            if attempt is not None:
                attempts.append(attempt)
    return len(due)


@dataclass(frozen=True, slots=True)
class _Addresses:
    """Of one edition."""

    edition: Edition
    contacts: Mapping[str, Contacts]


async def _directory(drafts: Sequence[LetterDraft], *, unit: Unit) -> Mapping[str, _Addresses]:
    """By edition, whom the letters go to as far as that is known; asked for all letters together."""
    invitees: dict[str, set[str]] = defaultdict(set)
    for draft in drafts:
        invitees[draft.edition_id].add(draft.invitee)
    found: dict[str, _Addresses] = {}
    for edition_id, some in invitees.items():
        edition = await unit.heard.published(edition_id)
        if edition is None:  # no letter is drafted before its edition was heard of
            raise NotYetKnown("EditionPublished")
        found[edition_id] = _Addresses(edition, await unit.heard.contacts(edition_id, some))
    return found


async def _begin_attempt(
    post: Post, kept: Kept, directory: Mapping[str, _Addresses], *, unit: Unit, now: datetime
) -> _Attempt | None:
    """The attempt to be made; none where there is nothing to be attempted now, which is on record then."""
    delivery, draft = kept.delivery, kept.draft
    if not delivery.is_due(now):
        await _settle(delivery.lease_ran_out(now, post.patience), draft, unit=unit, now=now)
        return None
    if delivery.is_void(now):
        await _settle(delivery.lapsed(now), draft, unit=unit, now=now)
        return None
    if draft is None:
        await _settle(delivery.not_writable(now, post.patience), draft, unit=unit, now=now)
        return None
    known = directory[draft.edition_id]
    to = addressed(draft, known.contacts[draft.invitee], known.edition)
    if to is None:
        await _settle(delivery.nobody_to_write_to(now, post.patience), draft, unit=unit, now=now)
        return None
    try:
        mail = post.compose(known.edition, draft, to, kept.written_at)
    except Exception:  # one letter that cannot be written must not keep all others from leaving
        log.exception("letter.not_writable", letter_id=draft.letter_id, letter=draft.letter.value)
        await _settle(delivery.not_writable(now, post.patience), draft, unit=unit, now=now)
        return None
    begun = delivery.begun(post.new_id(), to.recipients, to.language, now, post.patience)
    await unit.letters.save(begun)
    return _Attempt(begun, mail)


async def _carry_out(post: Post, attempt: _Attempt) -> None:
    async def record(unit: Unit, kept: Kept) -> None:
        await unit.letters.save(kept.delivery.handing_over(attempt.attempt_id))

    async def hand_over() -> bool:
        try:
            await post.records.change(post.begin, attempt.letter_id, record)
        except AttemptReplaced:
            return False
        except Exception as fault:
            if not is_passing(fault):
                raise
            return False  # on record or not, nobody knows; so it does not leave
        return True

    async with _renewing(post, attempt):
        outcome = await post.postman.deliver(
            attempt.mail, hand_over=hand_over, is_last_attempt=attempt.delivery.is_last_attempt
        )
        await _end(post, attempt, outcome)


async def _end(post: Post, attempt: _Attempt, outcome: Outcome) -> None:
    """It is on record how the attempt ended, as soon as there is a database."""
    while True:
        if await _is_ended(post, attempt, outcome):
            return
        await asyncio.sleep(_ASK_AGAIN_SECONDS)


async def _is_ended(post: Post, attempt: _Attempt, outcome: Outcome) -> bool:
    """Whether nothing is left to be told; false where the database is away."""

    async def record(unit: Unit, kept: Kept) -> None:
        now = post.now()
        ended = kept.delivery.ended(attempt.attempt_id, outcome, now, post.patience)
        await _settle(ended, kept.draft, unit=unit, now=now)

    try:
        await post.records.change(post.begin, attempt.letter_id, record)
    except AttemptReplaced:
        return True
    except Exception as fault:
        if not is_passing(fault):
            raise
        return False
    return True


@asynccontextmanager
async def _renewing(post: Post, attempt: _Attempt) -> AsyncIterator[None]:
    """While this goes on, nobody takes the attempt for lost."""
    renewals = asyncio.create_task(_renew(post, attempt))
    try:
        yield
    finally:
        renewals.cancel()
        await asyncio.gather(renewals, return_exceptions=True)


async def _renew(post: Post, attempt: _Attempt) -> None:
    async def record(unit: Unit, kept: Kept) -> None:
        await unit.letters.save(kept.delivery.renewed(attempt.attempt_id, post.now(), post.patience))

    while True:
        await asyncio.sleep(post.patience.lease.total_seconds() / _RENEWED_IN_A_LEASE)
        try:
            await post.records.change(post.begin, attempt.letter_id, record)
        except AttemptReplaced:
            return
        except Exception as fault:  # noqa: BLE001  # the next renewal may come in time
            log.warning("letter.lease_not_renewed", letter_id=attempt.letter_id, error=repr(fault))


async def _settle(
    outcome: tuple[Delivery, LetterFact | None], draft: LetterDraft | None, *, unit: Unit, now: datetime
) -> None:
    """The letter is as the outcome has it; whoever has to know is told, and a secret that has left is forgotten."""
    delivery, fact = outcome
    await unit.letters.save(delivery)
    if fact is None:
        return
    with caused_by(None, draft.cause if draft else None):
        unit.stage(fact)
    if draft is not None and draft.content.IS_SECRET:
        await unit.letters.forget(delivery.letter_id)
    if isinstance(fact, LetterFailed) and (
        about := letter_about(fact, f"{delivery.letter_id}/{delivery.attempts}")
    ):
        await unit.letters.add([about], now=now)
