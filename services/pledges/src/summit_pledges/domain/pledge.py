"""A pledge from the first draft until it is kept or taken back.

    draft ──make──▶ made ──acknowledge──▶ acknowledged ──accept──▶ accepted ──confirm──▶ fulfilled
                     ▲                        │                       │ report
                     │                        └──return──▶ returned   │
                     └──────────── amend ─────────┴───────────┴───────┘
    From made, acknowledged, returned and accepted it can be withdrawn.

A pledge does not change: each step gives the pledge after it, and what is to be published.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from summit_contracts.pledges import (
    SECRETARIAT,
    PledgeAccepted,
    PledgeAcknowledged,
    PledgeFulfilled,
    PledgeProgressReported,
    PledgeReturned,
    PledgeWithdrawn,
)
from summit_contracts.promises import DeliveryReport, HeldBack, Nature, Promise, Side
from summit_pledges.domain.errors.steps import (
    EvidenceWithoutDocument,
    NotACommitment,
    NothingChanged,
    NotYetShown,
    PledgeChanged,
    PledgeIsPublic,
    ReportLiesAhead,
    StepNotOpen,
)
from summit_pledges.domain.history import UNDER_WAY, Actor, Stage, Step
from summit_pledges.domain.promise import check_made, check_written_down
from summit_pledges.domain.publication import Outcome, amended, opened, said
from summit_pledges.domain.taxonomy import Taxonomy
from summit_pledges.domain.visibility import PUBLIC, Visibility

_FURTHEST_EAST = timedelta(hours=14)
"""In the easternmost time zone a day begins this long before it does in UTC."""


@dataclass(frozen=True, slots=True)
class DraftPledge:
    """The command to begin a pledge."""

    edition_id: str
    pledger: str
    promise: Promise
    visibility: Visibility = PUBLIC
    held_back: frozenset[HeldBack] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """One promise by one pledger to one summit."""

    edition_id: str
    pledge_id: str
    pledger: str
    recorded_by: Side
    promise: Promise
    stage: Stage
    visibility: Visibility
    held_back: frozenset[HeldBack]
    revision: int
    """Counts the steps from 1."""
    stated_at_revision: int
    """The revision with which the promise came to say what it says; earlier reports are about another one."""
    made_at: datetime | None = None
    published_at: datetime | None = None
    history: tuple[Step, ...]
    """One step per revision, the oldest first."""

    @classmethod
    def draft(
        cls, command: DraftPledge, *, pledge_id: str, by: Actor, at: datetime, taxonomy: Taxonomy
    ) -> "Pledge":
        """A pledge begun; only its own side hears of it.

        Raises:
            Invalid: a code means nothing, or the partners are not right; see `check_written_down`.
        """
        check_written_down(command.promise, command.pledger, taxonomy)
        is_recorded = by.side is Side.SECRETARIAT and command.pledger != SECRETARIAT
        return cls(
            edition_id=command.edition_id,
            pledge_id=pledge_id,
            pledger=command.pledger,
            recorded_by=Side.SECRETARIAT if is_recorded else Side.PLEDGER,
            promise=command.promise,
            stage=Stage.DRAFT,
            visibility=command.visibility,
            held_back=command.held_back,
            revision=1,
            stated_at_revision=1,
            history=(Step("draft", by, at, Stage.DRAFT),),
        )

    def expect(self, revision: int) -> None:
        """The caller decided on what is current.

        Raises:
            PledgeChanged: somebody changed the pledge in the meantime.
        """
        if revision != self.revision:
            raise PledgeChanged(revision, self.revision)

    def revise(
        self, promise: Promise, held_back: frozenset[HeldBack], *, by: Actor, at: datetime, taxonomy: Taxonomy
    ) -> Outcome:
        """The draft says something else.

        Raises:
            StepNotOpen: it is no draft any more.
            NothingChanged: it says so already.
            Invalid: see `check_written_down`.
        """
        self._open_for("revise", Stage.DRAFT)
        self._differs(promise, held_back)
        check_written_down(promise, self.pledger, taxonomy)
        return self._restated("revise", Stage.DRAFT, promise, held_back, by, at), ()

    def make(self, *, by: Actor, at: datetime) -> Outcome:
        """The draft is a pledge; published if it is public.

        Raises:
            StepNotOpen: it was made already.
            AdditionalityNotStated, SourceMissing: see `check_made`.
        """
        self._open_for("make", Stage.DRAFT)
        check_made(self.promise, self.recorded_by)
        return opened(self._after("make", by, at, Stage.MADE, made_at=at), at)

    def set_visibility(self, visibility: Visibility, *, by: Actor, at: datetime) -> Outcome:
        """The pledge is as open as said; published if that makes it public.

        Raises:
            PledgeIsPublic: it was published.
            StepNotOpen: it was withdrawn.
            NothingChanged: it is as open already.
        """
        if self.published_at is not None:
            raise PledgeIsPublic("visibility")
        self._open_for("set_visibility", Stage.DRAFT, *UNDER_WAY, Stage.FULFILLED)
        if visibility == self.visibility:
            raise NothingChanged
        return opened(self._after("set_visibility", by, at, visibility=visibility), at)

    def lift_embargo(self, *, by: Actor, at: datetime) -> Outcome:
        """The embargo has passed, and the pledge is published as it stands; before that nothing happens.

        Raises:
            PledgeIsPublic: it was published.
            StepNotOpen: it is a draft or was withdrawn.
        """
        if self.published_at is not None:
            raise PledgeIsPublic("visibility")
        self._open_for("lift_embargo", *UNDER_WAY, Stage.FULFILLED)
        if not self.visibility.is_public_at(at):
            return self, ()
        return opened(self._after("lift_embargo", by, at), at)

    def acknowledge(self, *, by: Actor, at: datetime) -> Outcome:
        """The secretariat has received the pledge and looks at it.

        Raises:
            StepNotOpen: it is not newly made or amended.
        """
        self._open_for("acknowledge", Stage.MADE)
        after = self._after("acknowledge", by, at, Stage.ACKNOWLEDGED)
        return said(after, PledgeAcknowledged, acknowledged_at=at)

    def return_for_clarification(
        self, asks: tuple[str, ...], question: str | None, *, by: Actor, at: datetime, taxonomy: Taxonomy
    ) -> Outcome:
        """The pledger is asked something; `question` is for the pledger alone, the codes in `asks` are public.

        Raises:
            StepNotOpen: it is not acknowledged.
            TermUnknown: the taxonomy has no such ask.
        """
        self._open_for("return", Stage.ACKNOWLEDGED)
        for position, ask in enumerate(asks):
            taxonomy.term("ask", ask, f"asks[{position}]")
        after = self._after("return", by, at, Stage.RETURNED, note=question, asks=asks)
        return said(after, PledgeReturned, returned_at=at, asks=asks)

    def accept(self, *, by: Actor, at: datetime) -> Outcome:
        """The pledge counts as it stands, and its delivery is followed.

        Raises:
            StepNotOpen: it is not acknowledged.
            NotACommitment: it is classed as something else.
        """
        self._open_for("accept", Stage.ACKNOWLEDGED)
        if self.promise.nature is not Nature.COMMITMENT:
            raise NotACommitment(self.promise.nature)
        after = self._after("accept", by, at, Stage.ACCEPTED)
        return said(after, PledgeAccepted, accepted_at=at)

    def amend(
        self, promise: Promise, held_back: frozenset[HeldBack], *, by: Actor, at: datetime, taxonomy: Taxonomy
    ) -> Outcome:
        """The pledge says something else, and has to be looked at anew.

        Raises:
            StepNotOpen: it is a draft, or has ended.
            NothingChanged: it says so already.
            PledgeIsPublic: something would be held back that was published.
            Invalid: see `check_written_down` and `check_made`.
        """
        self._open_for("amend", *UNDER_WAY)
        self._differs(promise, held_back)
        if self.published_at is not None and not held_back <= self.held_back:
            raise PledgeIsPublic("held_back")
        check_written_down(promise, self.pledger, taxonomy)
        check_made(promise, self.recorded_by)
        after = self._restated("amend", Stage.MADE, promise, held_back, by, at)
        return amended(self, after, by.side, at)

    def reclassify(self, nature: Nature, note: str | None, *, by: Actor, at: datetime) -> Outcome:
        """The secretariat classes what was said otherwise; what is no commitment is accepted no longer.

        Raises:
            StepNotOpen: it is a draft, or has ended.
            NothingChanged: it is classed so already.
        """
        self._open_for("reclassify", *UNDER_WAY)
        if nature is self.promise.nature:
            raise NothingChanged
        is_undone = self.stage is Stage.ACCEPTED and nature is not Nature.COMMITMENT
        stage = Stage.ACKNOWLEDGED if is_undone else self.stage
        classed = self.promise.model_copy(update={"nature": nature})
        after = self._after("reclassify", by, at, stage, note=note, promise=classed)
        return amended(self, after, by.side, at)

    def report(self, report: DeliveryReport, *, by: Actor, at: datetime) -> Outcome:
        """One side has said how much was delivered so far.

        Raises:
            StepNotOpen: it is not accepted.
            ReportLiesAhead: its day has not come anywhere on earth.
            EvidenceWithoutDocument: the secretariat's report names no document.
        """
        self._open_for("report", Stage.ACCEPTED)
        if report.as_of_on > (at + _FURTHEST_EAST).date():
            raise ReportLiesAhead(report.as_of_on)
        if report.side is Side.SECRETARIAT and not report.references:
            raise EvidenceWithoutDocument
        after = self._after("report", by, at, report=report)
        return said(after, PledgeProgressReported, reported_at=at, report=report)

    def confirm(self, *, by: Actor, at: datetime) -> Outcome:
        """The pledge was kept: the pledger says so, and the secretariat's evidence bears it out.

        Raises:
            StepNotOpen: it is not accepted.
            NotYetShown: a side has not reported it complete since it says what it says.
        """
        self._open_for("confirm", Stage.ACCEPTED)
        reports = {side: self.latest_report(side) for side in Side}
        for side, report in reports.items():
            if report is None or not report.is_complete:
                raise NotYetShown(side)
        after = self._after("confirm", by, at, Stage.FULFILLED)
        shown_by = {"self_report": reports[Side.PLEDGER], "evidence": reports[Side.SECRETARIAT]}
        return said(after, PledgeFulfilled, fulfilled_at=at, **shown_by)

    def withdraw(self, reason: str | None, *, by: Actor, at: datetime) -> Outcome:
        """The pledge holds no longer.

        Raises:
            StepNotOpen: it is a draft, or has ended.
        """
        self._open_for("withdraw", *UNDER_WAY)
        after = self._after("withdraw", by, at, Stage.WITHDRAWN, note=reason)
        return said(after, PledgeWithdrawn, withdrawn_at=at, reason=reason)

    def latest_report(self, side: Side) -> DeliveryReport | None:
        """What this side said last about the promise as it stands."""
        about_this = (step.report for step in reversed(self.history[self.stated_at_revision - 1 :]))
        return next((report for report in about_this if report is not None and report.side is side), None)

    @property
    def is_counted(self) -> bool:
        """Whether it belongs into totals of what is pledged: a commitment that was made and not taken back."""
        return self.stage not in (Stage.DRAFT, Stage.WITHDRAWN) and self.promise.nature is Nature.COMMITMENT

    def _open_for(self, step: str, *stages: Stage) -> None:
        if self.stage not in stages:
            raise StepNotOpen(step, self.stage, stages)

    def _differs(self, promise: Promise, held_back: frozenset[HeldBack]) -> None:
        if promise == self.promise and held_back == self.held_back:
            raise NothingChanged

    def _restated(
        self,
        step: str,
        stage: Stage,
        promise: Promise,
        held_back: frozenset[HeldBack],
        by: Actor,
        at: datetime,
    ) -> "Pledge":
        after = self._after(step, by, at, stage, promise=promise)
        return replace(after, held_back=held_back, stated_at_revision=after.revision)

    def _after(
        self,
        step: str,
        by: Actor,
        at: datetime,
        stage: Stage | None = None,
        *,
        note: str | None = None,
        asks: tuple[str, ...] = (),
        report: DeliveryReport | None = None,
        **changed: Any,
    ) -> "Pledge":
        reached = stage or self.stage
        line = Step(step, by, at, reached, note, asks, report)
        return replace(
            self, stage=reached, revision=self.revision + 1, history=(*self.history, line), **changed
        )
