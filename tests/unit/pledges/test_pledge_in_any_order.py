"""Whatever is done to a pledge in whatever order, what must always be true is true."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from summit_contracts.catalogue import parse, seal
from summit_contracts.errors import Refusal
from summit_contracts.fact import Fact
from summit_contracts.pledges import PledgeFulfilled, PledgeMade, PledgeWithdrawn
from summit_contracts.promises import HeldBack, Nature, Promise, Side, Source
from summit_pledges.domain.history import Actor, Stage
from summit_pledges.domain.pledge import DraftPledge, Pledge
from summit_pledges.domain.publication import Outcome, shown
from summit_pledges.domain.taxonomy import shipped_taxonomy
from summit_pledges.domain.visibility import PRIVATE, PUBLIC, Openness, Visibility, embargoed
from summit_testkit.pledges import (
    DESK_OFFICER,
    FOCAL_POINT,
    MADE_AT,
    a_promise,
    a_report,
    quantities,
    timelines,
)

TAXONOMY = shipped_taxonomy()
ALLOWED = {
    Stage.DRAFT: {Stage.DRAFT, Stage.MADE},
    Stage.MADE: {Stage.MADE, Stage.ACKNOWLEDGED, Stage.WITHDRAWN},
    Stage.ACKNOWLEDGED: {Stage.ACKNOWLEDGED, Stage.RETURNED, Stage.ACCEPTED, Stage.MADE, Stage.WITHDRAWN},
    Stage.RETURNED: {Stage.RETURNED, Stage.MADE, Stage.WITHDRAWN},
    Stage.ACCEPTED: {Stage.ACCEPTED, Stage.FULFILLED, Stage.MADE, Stage.ACKNOWLEDGED, Stage.WITHDRAWN},
    Stage.WITHDRAWN: set(),
    Stage.FULFILLED: {Stage.FULFILLED},
}
SOURCE = (Source(reference="A/1", kind="official_record"),)
NAMELESS = {"refused", "unknown", "not-allowed", "conflicting", "too-late", "stale", "invalid"}
HIDDEN = "kept from everybody"

actors = st.sampled_from([FOCAL_POINT, DESK_OFFICER])
held_back_parts = st.frozensets(st.sampled_from(list(HeldBack)))
sourced_promises = st.builds(
    a_promise,
    quantity=quantities(),
    timeline=timelines(st.none()),
    nature=st.sampled_from([Nature.COMMITMENT, Nature.COMMITMENT, Nature.READINESS]),
    sources=st.just(SOURCE),
)


class PledgeInAnyOrder(RuleBasedStateMachine):
    """Every command, allowed or not, with every promise."""

    pledge: Pledge

    def __init__(self) -> None:
        super().__init__()
        self.now = MADE_AT
        self.facts: list[Fact] = []
        self.refusals: list[Refusal] = []
        self.marks = 0

    @initialize(
        promise=sourced_promises, by=actors, held_back=held_back_parts, openness=st.sampled_from(Openness)
    )
    def begin(self, promise: Promise, by: Actor, held_back: frozenset[HeldBack], openness: Openness) -> None:
        promise = self.marked(promise, held_back)
        command = DraftPledge("uncops-2022", "KE", promise, self.visibility(openness), held_back)
        self.pledge = Pledge.draft(command, pledge_id="pledge-1", by=by, at=self.now, taxonomy=TAXONOMY)

    def marked(self, promise: Promise, held_back: frozenset[HeldBack]) -> Promise:
        """The promise with a text that must never be seen, where it is held back."""
        hidden = {
            part.value: HIDDEN
            for part in (HeldBack.WORDS, HeldBack.PLACE, HeldBack.FOLLOW_UP)
            if part in held_back
        }
        return promise.model_copy(update=hidden)

    def visibility(self, openness: Openness) -> Visibility:
        if openness is Openness.EMBARGOED:
            return embargoed(self.now + timedelta(days=3), now=self.now)
        return PRIVATE if openness is Openness.PRIVATE else PUBLIC

    def attempt(self, step: Callable[[], Outcome]) -> None:
        """Takes the step if the pledge allows it, and checks what a step may do."""
        before = self.pledge
        try:
            after, facts = step()
        except Refusal as refusal:
            self.refusals.append(refusal)
            return
        if after is not before:
            assert after.stage in ALLOWED[before.stage]
            assert after.revision == before.revision + 1
            assert before.published_at is None or after.held_back <= before.held_back
        if after.published_at is None:
            assert facts == ()
        elif after is not before:
            (fact,) = facts
            assert isinstance(fact, PledgeMade) == (before.published_at is None)
            self.check_fact(after, fact)
        self.pledge = after
        self.facts.extend(facts)

    def check_fact(self, after: Pledge, fact: Fact) -> None:
        said = dict(fact)
        assert (said["state"], said["revision"], said["promise"]) == (
            after.stage.value,
            after.revision,
            shown(after),
        )
        version = len(self.facts) + 1
        payload = seal(fact, id=f"id-{version}", at=self.now, version=version).to_json()
        assert parse(fact.subject, payload).data == fact
        assert HIDDEN not in payload.decode()

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(promise=sourced_promises, held_back=held_back_parts, by=actors)
    def revise(self, promise: Promise, held_back: frozenset[HeldBack], by: Actor) -> None:
        promise = self.marked(promise, held_back)
        self.attempt(lambda: self.pledge.revise(promise, held_back, by=by, at=self.now, taxonomy=TAXONOMY))

    @rule(by=actors)
    def make(self, by: Actor) -> None:
        self.attempt(lambda: self.pledge.make(by=by, at=self.now))

    @rule(openness=st.sampled_from(Openness), by=actors)
    def set_visibility(self, openness: Openness, by: Actor) -> None:
        self.attempt(lambda: self.pledge.set_visibility(self.visibility(openness), by=by, at=self.now))

    @rule()
    def lift_embargo(self) -> None:
        self.attempt(lambda: self.pledge.lift_embargo(by=DESK_OFFICER, at=self.now))

    @rule()
    def acknowledge(self) -> None:
        self.attempt(lambda: self.pledge.acknowledge(by=DESK_OFFICER, at=self.now))

    @rule()
    def return_for_clarification(self) -> None:
        self.attempt(
            lambda: self.pledge.return_for_clarification(
                ("by_when_missing",), HIDDEN, by=DESK_OFFICER, at=self.now, taxonomy=TAXONOMY
            )
        )

    @rule()
    def accept(self) -> None:
        self.attempt(lambda: self.pledge.accept(by=DESK_OFFICER, at=self.now))

    @rule(promise=sourced_promises, by=actors, shows=st.booleans())
    def amend(self, promise: Promise, by: Actor, shows: bool) -> None:
        held_back = frozenset[HeldBack]() if shows else self.pledge.held_back
        promise = self.marked(promise, held_back)
        self.attempt(lambda: self.pledge.amend(promise, held_back, by=by, at=self.now, taxonomy=TAXONOMY))

    @rule(parts=held_back_parts)
    def hold_back_more(self, parts: frozenset[HeldBack]) -> None:
        held_back = self.pledge.held_back | parts
        promise = self.marked(self.pledge.promise, held_back)
        self.attempt(
            lambda: self.pledge.amend(promise, held_back, by=FOCAL_POINT, at=self.now, taxonomy=TAXONOMY)
        )

    @rule(nature=st.sampled_from(Nature))
    def reclassify(self, nature: Nature) -> None:
        self.attempt(lambda: self.pledge.reclassify(nature, HIDDEN, by=DESK_OFFICER, at=self.now))

    @rule(side=st.sampled_from(Side), is_complete=st.booleans(), has_document=st.booleans())
    def report(self, side: Side, is_complete: bool, has_document: bool) -> None:
        report = a_report(
            side,
            is_complete=is_complete,
            references=("Record 7",) if has_document else (),
            as_of_on=self.now.date(),
        )
        self.attempt(lambda: self.pledge.report(report, by=DESK_OFFICER, at=self.now))

    @rule(steps=st.integers(1, 4))
    def go_forward(self, steps: int) -> None:
        """Often enough for every stage to be reached."""
        for _ in range(steps):
            {
                Stage.DRAFT: lambda: self.make(FOCAL_POINT),
                Stage.MADE: self.acknowledge,
                Stage.ACKNOWLEDGED: self.accept,
            }.get(self.pledge.stage, lambda: None)()

    @precondition(lambda self: self.pledge.stage is Stage.ACCEPTED)
    @rule()
    def report_both_complete_and_confirm(self) -> None:
        """Often enough for fulfilment to be reached."""
        for side in Side:
            self.report(side, is_complete=True, has_document=True)
        self.confirm()

    @rule()
    def confirm(self) -> None:
        self.attempt(lambda: self.pledge.confirm(by=DESK_OFFICER, at=self.now))

    @precondition(lambda self: self.pledge.revision > 6)
    @rule(by=actors)
    def withdraw(self, by: Actor) -> None:
        self.attempt(lambda: self.pledge.withdraw(None, by=by, at=self.now))

    @invariant()
    def history_is_whole(self) -> None:
        assert len(self.pledge.history) == self.pledge.revision
        assert self.pledge.history[-1].stage is self.pledge.stage

    @invariant()
    def the_stream_tells_one_story(self) -> None:
        """Made once and first, ended at most once and last, every revision later than the one before."""
        kinds = [type(fact) for fact in self.facts]
        assert kinds.count(PledgeMade) == (self.pledge.published_at is not None)
        assert PledgeMade not in kinds[1:]
        assert not {PledgeWithdrawn, PledgeFulfilled} & set(kinds[:-1])
        revisions = [dict(fact)["revision"] for fact in self.facts]
        assert revisions == sorted(set(revisions))

    @invariant()
    def who_reads_the_stream_knows_how_it_stands(self) -> None:
        if self.facts:
            latest = dict(self.facts[-1])
            assert (latest["state"], latest["promise"]) == (self.pledge.stage.value, shown(self.pledge))

    @invariant()
    def what_is_accepted_is_a_commitment_and_what_is_kept_was_shown(self) -> None:
        if self.pledge.stage in (Stage.ACCEPTED, Stage.FULFILLED):
            assert self.pledge.promise.nature is Nature.COMMITMENT
        if self.pledge.stage is Stage.FULFILLED:
            shown_by = dict.fromkeys(Side, False)
            for step in self.pledge.history:
                if step.step in {"revise", "amend"}:
                    shown_by = dict.fromkeys(Side, False)
                elif step.report is not None:
                    shown_by[step.report.side] = step.report.is_complete
            assert all(shown_by.values())

    @invariant()
    def every_refusal_says_what_to_do(self) -> None:
        assert all(refusal.remedy and refusal.slug not in NAMELESS for refusal in self.refusals)

    @invariant()
    def only_a_pledge_that_was_made_has_a_time(self) -> None:
        assert (self.pledge.made_at is None) == (self.pledge.stage is Stage.DRAFT)


PledgeInAnyOrder.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestPledgeInAnyOrder = PledgeInAnyOrder.TestCase
