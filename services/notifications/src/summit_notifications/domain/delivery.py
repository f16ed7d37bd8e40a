"""The delivery of one letter: queued → sending → handing over → sent, or retrying, failed, bounced, uncertain.

A mail leaves at most once, whatever dies in between. `sending` is on record before the first word to the mail server, and
`handing_over` before the end of the mail is sent. A letter found in `sending` was provably not taken, and is tried again;
one found in `handing_over` may have been taken, becomes `uncertain` and waits for a person. An attempt that was replaced
cannot reach `handing_over` any more: that is the fence between a slow sender and its successor.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self
from zlib import crc32

from summit_contracts.notifications import LetterEnding, LetterFailed, LetterRecipient, LetterSent
from summit_contracts.values import Language
from summit_notifications.domain.answers import Abandoned, Answer, Later, Never, Outcome, Taken, Uncertain
from summit_notifications.domain.errors import AttemptReplaced, NotToBeDecided
from summit_notifications.domain.mail import Recipient

LetterFact = LetterSent | LetterFailed


class DeliveryState(StrEnum):
    """Where a letter stands."""

    QUEUED = "queued"
    SENDING = "sending"
    HANDING_OVER = "handing_over"
    RETRYING = "retrying"
    SENT = "sent"
    FAILED = "failed"
    BOUNCED = "bounced"
    UNCERTAIN = "uncertain"
    """Handed over and never answered: a person looks into it."""


_DUE = frozenset({DeliveryState.QUEUED, DeliveryState.RETRYING})
_UNDER_WAY = frozenset({DeliveryState.SENDING, DeliveryState.HANDING_OVER})


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait before the next attempt, and when to stop."""

    shortest: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)
    growth: float = 1.0
    """The next wait as a share of the time the letter has waited already; 1 doubles the waiting with every attempt."""
    gives_up_after: timedelta = timedelta(days=4)
    """From the first attempt; the last one is made at its end. Source: RFC 5321 4.5.4.1 (at least four to five days)."""
    lease: timedelta = timedelta(minutes=2)
    """How long nobody looks for whoever attempts a letter; renewed while the attempt goes on. Longer than clocks may be apart."""

    def next_at(self, since: datetime, now: datetime, letter_id: str) -> datetime:
        """The moment of the next attempt, never after the last one is due.

        Spread by up to a tenth from letter to letter, so that letters delayed together do not come back together.
        """
        wait = min(max((now - since) * self.growth, self.shortest), self.longest)
        spread = 1 + (crc32(letter_id.encode()) % 1000) / 10_000
        return min(now + wait * spread, max(since + self.gives_up_after, now))


@dataclass(frozen=True, slots=True)
class Delivery:
    """One letter on its way. Every method returns what is true afterwards and changes nothing."""

    edition_id: str
    letter_id: str
    letter: str
    invitee: str
    member_id: str | None
    state: DeliveryState
    due_at: datetime
    """When it may be attempted; when the attempt's time is over while one is under way."""
    void_at: datetime | None = None
    """From this moment on nobody is served by it any more, e.g. a code to sign in with."""
    first_tried_at: datetime | None = None
    attempts: int = 0
    attempt_id: str | None = None
    """The attempt under way or the last one."""
    is_last_attempt: bool = False
    language: Language | None = None
    recipients: tuple[LetterRecipient, ...] = ()
    """Whom the last attempt was for, without addresses."""
    reason: str | None = None
    """What the last attempt ended with, as a code."""
    answer: Answer | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether an attempt may begin."""
        return self.state in _DUE and self.due_at <= now

    def is_void(self, now: datetime) -> bool:
        """Whether what it says serves nobody any more."""
        return self.void_at is not None and self.void_at <= now

    def begun(
        self,
        attempt_id: str,
        recipients: tuple[Recipient, ...],
        language: Language,
        now: datetime,
        patience: Patience,
    ) -> Self:
        """An attempt is under way, and nobody else may begin one before its lease ends.

        Raises:
            AttemptReplaced: the letter is not due.
        """
        if not self.is_due(now):
            raise AttemptReplaced(self.letter_id)
        since = self.first_tried_at or now
        return replace(
            self,
            state=DeliveryState.SENDING,
            due_at=now + patience.lease,
            first_tried_at=since,
            attempts=self.attempts + 1,
            attempt_id=attempt_id,
            is_last_attempt=now + patience.shortest >= self._ends_at(since, patience),
            language=language,
            recipients=tuple(
                LetterRecipient(role=one.role, line=one.line, is_accepted=False) for one in recipients
            ),
        )

    def handing_over(self, attempt_id: str) -> Self:
        """The mail server has everything but the end of the mail, which may be sent once this is on record.

        Raises:
            AttemptReplaced: another attempt, or a person, has taken over; the end must not be sent.
        """
        if self.state is not DeliveryState.SENDING or self.attempt_id != attempt_id:
            raise AttemptReplaced(self.letter_id)
        return replace(self, state=DeliveryState.HANDING_OVER)

    def renewed(self, attempt_id: str, now: datetime, patience: Patience) -> Self:
        """Whoever attempts it is alive, and has another lease from now on.

        Raises:
            AttemptReplaced: another attempt, or a person, has taken over.
        """
        if self.state not in _UNDER_WAY or self.attempt_id != attempt_id:
            raise AttemptReplaced(self.letter_id)
        return replace(self, due_at=now + patience.lease)

    def ended(
        self, attempt_id: str, outcome: Outcome, now: datetime, patience: Patience
    ) -> tuple[Self, LetterFact | None]:
        """The attempt is over; what it means for others, if anything.

        An attempt that was thought lost and still brings an answer after its hand-over settles the doubt.

        Raises:
            AttemptReplaced: it is about an attempt that is not the last one, or that was settled already.
        """
        may_be_taken = self.state in (DeliveryState.HANDING_OVER, DeliveryState.UNCERTAIN)
        if self.attempt_id != attempt_id or not (may_be_taken or self.state is DeliveryState.SENDING):
            raise AttemptReplaced(self.letter_id)
        match outcome:
            case Taken():
                return self._sent(outcome)
            case Never():
                return self._failed(LetterEnding.REFUSED, outcome.reason, outcome.answer)
            case Later():
                return self._put_off(outcome, now, patience)
            case Uncertain():
                return self._uncertain(outcome.reason)
            case Abandoned():
                return self._put_off(Later("abandoned"), now, patience)

    def lease_ran_out(self, now: datetime, patience: Patience) -> tuple[Self, LetterFact | None]:
        """Whoever attempted it has died or hangs: tried again where nothing can have left, else uncertain.

        Raises:
            AttemptReplaced: no attempt is under way, or its time is not over.
        """
        if self.state not in _UNDER_WAY or self.due_at > now:
            raise AttemptReplaced(self.letter_id)
        if self.state is DeliveryState.HANDING_OVER:
            return self._uncertain("interrupted")
        return self._put_off(Later("interrupted"), now, patience)

    def nobody_to_write_to(self, now: datetime, patience: Patience) -> tuple[Self, LetterFact | None]:
        """It waits for an address without an attempt, and fails when none has come in all that time.

        Raises:
            AttemptReplaced: the letter is not due.
        """
        if not self.is_due(now):
            raise AttemptReplaced(self.letter_id)
        return self._put_off(Later("nobody_to_write_to"), now, patience)

    def not_writable(self, now: datetime, patience: Patience) -> tuple[Self, LetterFact | None]:
        """It could not be put into words, and waits without an attempt for whoever mends that, while others go on.

        Raises:
            AttemptReplaced: the letter is not due.
        """
        if not self.is_due(now):
            raise AttemptReplaced(self.letter_id)
        return self._put_off(Later("not_writable"), now, patience)

    def lapsed(self, now: datetime) -> tuple[Self, LetterFact]:
        """It is not attempted any more, because what it says serves nobody now.

        Raises:
            AttemptReplaced: the letter is not due, or still serves.
        """
        if not self.is_due(now) or not self.is_void(now):
            raise AttemptReplaced(self.letter_id)
        return self._failed(LetterEnding.GAVE_UP, "lapsed", self.answer)

    def bounced(self, answer: Answer | None) -> tuple[Self, LetterFact]:
        """The mail came back after the mail server had taken it.

        Raises:
            AttemptReplaced: it was never handed over, or a bounce is known already.
        """
        if self.state not in (DeliveryState.SENT, DeliveryState.UNCERTAIN):
            raise AttemptReplaced(self.letter_id)
        return self._failed(LetterEnding.BOUNCED, "returned", answer)

    def found_delivered(self) -> tuple[Self, LetterSent]:
        """A person looked into an uncertain letter and found that it had arrived.

        Raises:
            NotToBeDecided: nothing about it is uncertain.
        """
        if self.state is not DeliveryState.UNCERTAIN:
            raise NotToBeDecided(self.state)
        return self._sent(Taken(Answer(250)))

    def to_be_sent_again(self, now: datetime) -> Self:
        """A person decided that the undelivered letter is to be attempted anew, from now on and with fresh patience.

        Raises:
            NotToBeDecided: it is on its way or has arrived; sending it again would send it twice.
        """
        if self.state not in (DeliveryState.UNCERTAIN, DeliveryState.FAILED, DeliveryState.BOUNCED):
            raise NotToBeDecided(self.state)
        return replace(self, state=DeliveryState.QUEUED, due_at=now, first_tried_at=None)

    def due_now(self, now: datetime) -> Self:
        """A letter that waits is attempted at once, because an address has become known; any other stays as it is."""
        return replace(self, due_at=min(self.due_at, now)) if self.state in _DUE else self

    def _ends_at(self, since: datetime, patience: Patience) -> datetime:
        patient = since + patience.gives_up_after
        return min(patient, self.void_at) if self.void_at else patient

    def _sent(self, taken: Taken) -> tuple[Self, LetterSent]:
        recipients = tuple(
            one.model_copy(update={"is_accepted": position not in taken.refused})
            for position, one in enumerate(self.recipients)
        )
        after = replace(
            self, state=DeliveryState.SENT, recipients=recipients, reason=None, answer=taken.answer
        )
        return after, LetterSent(
            edition_id=self.edition_id,
            letter_id=self.letter_id,
            letter=self.letter,
            invitee=self.invitee,
            member_id=self.member_id,
            language=self.language or Language.ENGLISH,
            delivery_id=self.attempt_id or self.letter_id,
            attempts=self.attempts,
            recipients=recipients,
        )

    def _put_off(self, later: Later, now: datetime, patience: Patience) -> tuple[Self, LetterFact | None]:
        since = self.first_tried_at or now
        ends_at = self._ends_at(since, patience)
        if now >= ends_at or (self.state in _UNDER_WAY and self.is_last_attempt):
            return self._failed(LetterEnding.GAVE_UP, later.reason, later.answer)
        due_at = min(patience.next_at(since, now, self.letter_id), ends_at)
        after = replace(
            self,
            state=DeliveryState.RETRYING,
            due_at=due_at,
            first_tried_at=since,
            reason=later.reason,
            answer=later.answer,
        )
        return after, None

    def _uncertain(self, reason: str) -> tuple[Self, LetterFact | None]:
        if self.state is DeliveryState.UNCERTAIN:
            return self, None
        return self._failed(LetterEnding.UNCERTAIN, reason, None)

    def _failed(self, ending: LetterEnding, reason: str, answer: Answer | None) -> tuple[Self, LetterFailed]:
        after = replace(self, state=_STATE_OF[ending], reason=reason, answer=answer)
        return after, LetterFailed(
            edition_id=self.edition_id,
            letter_id=self.letter_id,
            letter=self.letter,
            invitee=self.invitee,
            member_id=self.member_id,
            ending=ending,
            reason=reason,
            language=self.language,
            attempts=self.attempts,
            delivery_id=self.attempt_id,
            reply_code=answer.code if answer and answer.is_intelligible else None,
            status_code=answer.status if answer else None,
        )


_STATE_OF = {
    LetterEnding.REFUSED: DeliveryState.FAILED,
    LetterEnding.GAVE_UP: DeliveryState.FAILED,
    LetterEnding.BOUNCED: DeliveryState.BOUNCED,
    LetterEnding.UNCERTAIN: DeliveryState.UNCERTAIN,
}
