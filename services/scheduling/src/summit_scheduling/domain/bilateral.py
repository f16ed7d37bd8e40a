"""A bilateral: asked for, answered, perhaps countered, agreed, and then placed in a timetable or not.

                         arranged at the desk (`walkin.arrange`)
                           ▼
    requested ──accept──▶ agreed ──place──▶ scheduled
      │   ▲                │  ▲               │   ▲
    counter│              unplace             ▼   │
      ▼   │                └──────────▶ unplaced ─┘
    countered                                              declined: by a party whose answer is awaited
      (each counter passes the turn to all others)         cancelled: from any state that is not an end

While it is requested or countered it holds no slot and no room (B4). It is a meeting of all its parties: it is agreed when
all have accepted the terms on the table, and ends when one declines or gives it up.
Every step returns the bilateral after it and the facts that it makes true. A refused step raises and changes nothing.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple

from summit_contracts.fact import Fact
from summit_contracts.meetings import BilateralTerms
from summit_contracts.registration import BilateralRequested
from summit_contracts.scheduling import (
    BilateralAccepted,
    BilateralCancelled,
    BilateralCountered,
    BilateralDeclined,
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    CancelReason,
    DeclineReason,
    MoveReason,
    Placement,
    UnplacedReason,
)
from summit_contracts.values import Language
from summit_scheduling.domain.errors.bilaterals import (
    AlreadyAgreed,
    BilateralChanged,
    BilateralEnded,
    NotAgreed,
    NotAParty,
    NotAwaited,
    NothingProposed,
    StillAwaited,
    TooManyRounds,
)
from summit_scheduling.domain.grid import Grid
from summit_scheduling.domain.progress import ENDED, MAX_ROUNDS, PENDING, PLACEABLE, Proposal, Status
from summit_scheduling.domain.terms import check_terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilateral:
    """One wish, or what was arranged at the desk, and what became of it. `revision` rises with every change; it is the entity tag of what people answer."""

    edition_id: str
    bilateral_id: str
    requester: str
    counterparts: tuple[str, ...]
    priority: int
    """1 must, 2 should, 3 could."""
    topic: str
    language: Language
    thread: tuple[Proposal, ...]
    """What was asked for or arranged, and every counter-proposal, oldest first; the last one is on the table."""
    status: Status = Status.REQUESTED
    accepted_by: frozenset[str] = frozenset()
    """Who has said yes to what is on the table; its proposer is not among them."""
    placement: Placement | None = None
    """Where the latest timetable has it; none unless it is scheduled."""
    unplaced_why: str | None = None
    """Why the latest timetable has no place for it; none unless it is unplaced."""
    revision: int = 1

    @classmethod
    def request(cls, wish: BilateralRequested, grid: Grid) -> "Bilateral":
        """The wish as it was made, to be answered by its counterparts; a meeting of one slot unless they propose more."""
        terms = BilateralTerms(
            level=wish.level,
            minutes=int(grid.length.total_seconds() // 60),
            size=wish.size,
            days=tuple(sorted(set(wish.days))),
            needs=tuple(sorted(set(wish.needs))),
        )
        return cls(
            edition_id=wish.edition_id,
            bilateral_id=wish.bilateral_id,
            requester=wish.invitee,
            counterparts=wish.counterparts,
            priority=wish.priority,
            topic=wish.topic,
            language=wish.language,
            thread=(Proposal(wish.invitee, terms, wish.requested_at),),
        )

    @property
    def parties(self) -> tuple[str, ...]:
        """Everybody who is to meet, the requester first."""
        return (self.requester, *self.counterparts)

    @property
    def terms(self) -> BilateralTerms:
        """What is on the table; once agreed, what was agreed."""
        return self.thread[-1].terms

    @property
    def awaiting(self) -> tuple[str, ...]:
        """Who is to answer, in the order of the parties; nobody unless it is pending."""
        if self.status not in PENDING:
            return ()
        spoken = self.accepted_by | {self.thread[-1].by}
        return tuple(party for party in self.parties if party not in spoken)

    def check_revision(self, expected: int | None) -> None:
        """Nothing, where this is the revision that somebody decided on, or where nobody says which.

        Raises:
            BilateralChanged: it has been changed since.
        """
        if expected is not None and expected != self.revision:
            raise BilateralChanged(expected, self.revision)

    def accept(self, by: str, *, now: datetime) -> "Change":
        """The party agrees to what is on the table; when it was the last to answer, the bilateral is agreed.

        Raises:
            NotAParty, BilateralEnded, AlreadyAgreed, NotAwaited: the party has nothing to answer.
        """
        self._check_awaited(by)
        is_last = self.awaiting == (by,)
        status = Status.AGREED if is_last else self.status
        after = self._next(status=status, accepted_by=self.accepted_by | {by})
        fact = BilateralAccepted(**statement_of(after), by=by, awaiting=after.awaiting, answered_at=now)
        return Change(after, (fact,))

    def decline(self, by: str, reason: DeclineReason, *, note: str | None = None, now: datetime) -> "Change":
        """The party does not wish to meet, and that ends it.

        Raises:
            NotAParty, BilateralEnded, AlreadyAgreed, NotAwaited: the party has nothing to answer.
        """
        self._check_awaited(by)
        after = self._next(status=Status.DECLINED)
        fact = BilateralDeclined(
            **statement_of(after), by=by, reason=reason.value, note=note, answered_at=now
        )
        return Change(after, (fact,))

    def counter(
        self, by: str, terms: BilateralTerms, *, grid: Grid, note: str | None = None, now: datetime
    ) -> "Change":
        """These terms are on the table instead, and all other parties are to answer anew.

        Raises:
            NotAParty, BilateralEnded, AlreadyAgreed, NotAwaited: the party has nothing to answer.
            TooManyRounds, NothingProposed: it is time for a yes or a no.
            Invalid: no slot or room of the edition could meet the terms (`terms.check_terms`).
        """
        self._check_awaited(by)
        if len(self.thread) > MAX_ROUNDS:
            raise TooManyRounds(MAX_ROUNDS)
        terms = check_terms(terms, parties=len(self.parties), grid=grid)
        if terms == self.terms:
            raise NothingProposed
        thread = (*self.thread, Proposal(by, terms, now, note))
        after = self._next(status=Status.COUNTERED, thread=thread, accepted_by=frozenset())
        fact = BilateralCountered(
            **statement_of(after),
            by=by,
            round=len(thread) - 1,
            awaiting=after.awaiting,
            note=note,
            countered_at=now,
        )
        return Change(after, (fact,))

    def cancel(self, by: str, *, note: str | None = None, now: datetime) -> "Change":
        """The party gives up what it had asked for or agreed to, and that ends it.

        Raises:
            NotAParty, BilateralEnded: there is nothing of its to give up.
            StillAwaited: it has not answered yet, and declines instead.
        """
        self._check_party(by)
        if by in self.awaiting:
            raise StillAwaited(by)
        return self._cancelled(CancelReason.PARTY_WITHDREW, by=by, note=note, now=now)

    def cancel_by_secretariat(self, *, note: str | None = None, now: datetime) -> "Change":
        """The secretariat ends it.

        Raises:
            BilateralEnded: it has ended already.
        """
        self._check_alive()
        return self._cancelled(CancelReason.SECRETARIAT, by=None, note=note, now=now)

    def release(self, reason: CancelReason, *, by: str | None, now: datetime) -> "Change":
        """Its place is free for others, and that ends it: a party did not come, or all give the place back.

        Raises:
            NotAParty: who did not come was not to come.
            NotAgreed: it has no place.
        """
        if by is not None:
            self._check_party(by)
        if self.status is not Status.SCHEDULED:
            raise NotAgreed(self.bilateral_id, self.status)
        return self._cancelled(reason, by=by, now=now)

    def lose(self, party: str, *, now: datetime) -> "Change":
        """A party's whole delegation does not come, and that ends it; nothing happens where it had ended already.

        Raises:
            NotAParty: it concerns somebody else.
        """
        if party not in self.parties:
            raise NotAParty(party, self.bilateral_id)
        if self.status in ENDED:
            return Change(self)
        return self._cancelled(CancelReason.DELEGATION_WITHDREW, by=party, now=now)

    def settle(self, by: str, terms: BilateralTerms, *, priority: int, now: datetime) -> "Change":
        """The two parties agree on these terms, `by` having had the last word: it wished for the same meeting itself.

        Raises:
            NotAParty, BilateralEnded, AlreadyAgreed, NotAwaited: the party has nothing to answer.
        """
        self._check_awaited(by)
        thread = self.thread if terms == self.terms else (*self.thread, Proposal(by, terms, now))
        accepted_by = frozenset(self.parties) - {thread[-1].by}
        after = self._next(status=Status.AGREED, thread=thread, accepted_by=accepted_by, priority=priority)
        return Change(after, (BilateralAccepted(**statement_of(after), by=by, answered_at=now),))

    def yield_to(self, bilateral_id: str, *, now: datetime) -> "Change":
        """It ends, because the other serves its requester's wish too.

        Raises:
            BilateralEnded: it has ended already.
        """
        self._check_alive()
        return self._cancelled(CancelReason.JOINED, by=self.requester, now=now, joined_with=bilateral_id)

    def place(self, timetable: int, placement: Placement, why_moved: MoveReason) -> "Change":
        """The timetable of this number has it there; `why_moved` counts only where it was elsewhere before.

        Raises:
            NotAgreed: it is pending or has ended.
        """
        self._check_placeable()
        if placement == self.placement:
            return Change(self)
        after = self._next(status=Status.SCHEDULED, placement=placement, unplaced_why=None)
        statement = {**statement_of(after), "timetable": timetable}
        fact: Fact
        if self.placement is None:
            fact = BilateralScheduled(**statement, placement=placement)
        else:
            fact = BilateralMoved(
                **statement, moved_from=self.placement, moved_to=placement, why=why_moved.value
            )
        return Change(after, (fact,))

    def unplace(self, timetable: int, why: UnplacedReason) -> "Change":
        """The timetable of this number has no place for it; nothing happens where that and the reason were so.

        Raises:
            NotAgreed: it is pending or has ended.
        """
        self._check_placeable()
        if self.status is Status.UNPLACED and self.unplaced_why == why.value:
            return Change(self)
        after = self._next(status=Status.UNPLACED, placement=None, unplaced_why=why.value)
        fact = BilateralUnplaced(
            **statement_of(after), timetable=timetable, why=why.value, was=self.placement
        )
        return Change(after, (fact,))

    def _cancelled(
        self,
        reason: CancelReason,
        *,
        by: str | None,
        note: str | None = None,
        now: datetime,
        joined_with: str | None = None,
    ) -> "Change":
        after = self._next(status=Status.CANCELLED, placement=None, unplaced_why=None)
        fact = BilateralCancelled(
            **statement_of(after),
            by=by,
            reason=reason.value,
            joined_with=joined_with,
            note=note,
            was=self.placement,
            cancelled_at=now,
        )
        return Change(after, (fact,))

    def _check_party(self, code: str) -> None:
        if code not in self.parties:
            raise NotAParty(code, self.bilateral_id)
        self._check_alive()

    def _check_alive(self) -> None:
        if self.status in ENDED:
            raise BilateralEnded(self.bilateral_id, self.status)

    def _check_awaited(self, code: str) -> None:
        self._check_party(code)
        if self.status in PLACEABLE:
            raise AlreadyAgreed(self.bilateral_id)
        if code not in self.awaiting:
            raise NotAwaited(code, self.awaiting)

    def _check_placeable(self) -> None:
        if self.status not in PLACEABLE:
            raise NotAgreed(self.bilateral_id, self.status)

    def _next(self, **changed: Any) -> "Bilateral":
        return replace(self, **changed, revision=self.revision + 1)


class Change(NamedTuple):
    """A step that was taken: the bilateral after it, and what became true; nothing where nothing changed."""

    after: Bilateral
    facts: tuple[Fact, ...] = ()


def statement_of(bilateral: Bilateral) -> dict[str, Any]:
    """What every fact about it says."""
    return {
        "edition_id": bilateral.edition_id,
        "bilateral_id": bilateral.bilateral_id,
        "requester": bilateral.requester,
        "counterparts": bilateral.counterparts,
        "priority": bilateral.priority,
        "topic": bilateral.topic,
        "language": bilateral.language,
        "terms": bilateral.terms,
    }
