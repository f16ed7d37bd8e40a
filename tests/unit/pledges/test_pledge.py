"""A pledge goes its way step by step, and only what is public is published."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from summit_contracts.errors import Refusal
from summit_contracts.pledges import (
    SECRETARIAT,
    PledgeAccepted,
    PledgeAcknowledged,
    PledgeAmended,
    PledgeFulfilled,
    PledgeMade,
    PledgeProgressReported,
    PledgeReturned,
    PledgeWithdrawn,
)
from summit_contracts.promises import (
    Additionality,
    Condition,
    HeldBack,
    Nature,
    PledgeState,
    Promise,
    Side,
    Source,
)
from summit_contracts.quantities import Exact, ExactAmount, UpTo
from summit_contracts.values import FieldChange, Money
from summit_pledges.domain.errors.promises import AdditionalityNotStated, SourceMissing, TermUnknown
from summit_pledges.domain.errors.steps import (
    EmbargoLiesBehind,
    EvidenceWithoutDocument,
    NotACommitment,
    NothingChanged,
    NotYetShown,
    PledgeChanged,
    PledgeIsPublic,
    ReportLiesAhead,
    StepNotOpen,
)
from summit_pledges.domain.history import Actor, Stage
from summit_pledges.domain.pledge import DraftPledge, Pledge
from summit_pledges.domain.taxonomy import shipped_taxonomy
from summit_pledges.domain.visibility import PRIVATE, PUBLIC, Visibility, embargoed
from summit_testkit.pledges import DESK_OFFICER, FOCAL_POINT, MADE_AT, a_promise, a_report

TAXONOMY = shipped_taxonomy()
LATER = MADE_AT + timedelta(days=2)
NOTHING: frozenset[HeldBack] = frozenset()


def drafted(
    promise: Promise | None = None,
    *,
    pledger: str = "KE",
    by: Actor = FOCAL_POINT,
    visibility: Visibility = PUBLIC,
    held_back: frozenset[HeldBack] = NOTHING,
) -> Pledge:
    command = DraftPledge("uncops-2022", pledger, promise or a_promise(), visibility, held_back)
    return Pledge.draft(command, pledge_id="pledge-1", by=by, at=MADE_AT, taxonomy=TAXONOMY)


def made(
    promise: Promise | None = None,
    *,
    visibility: Visibility = PUBLIC,
    held_back: frozenset[HeldBack] = NOTHING,
) -> Pledge:
    pledge, _ = drafted(promise, visibility=visibility, held_back=held_back).make(by=FOCAL_POINT, at=MADE_AT)
    return pledge


def accepted(pledge: Pledge | None = None) -> Pledge:
    acknowledged, _ = (pledge or made()).acknowledge(by=DESK_OFFICER, at=LATER)
    after, _ = acknowledged.accept(by=DESK_OFFICER, at=LATER)
    return after


def test_a_draft_publishes_nothing_and_may_be_revised() -> None:
    pledge, facts = drafted().revise(
        a_promise(quantity=UpTo(maximum=3, unit="unit")), NOTHING, by=FOCAL_POINT, at=LATER, taxonomy=TAXONOMY
    )
    assert facts == ()
    assert pledge.stage is Stage.DRAFT
    assert pledge.revision == 2


def test_a_public_pledge_is_published_when_it_is_made() -> None:
    pledge, (fact,) = drafted().make(by=FOCAL_POINT, at=MADE_AT)
    assert isinstance(fact, PledgeMade)
    assert fact.subject == "summit.uncops-2022.pledges.pledge_made.v1.KE"
    assert fact.aggregate_id == "pledge/uncops-2022/pledge-1"
    assert (fact.state, fact.revision, fact.made_at) == (PledgeState.MADE, 2, MADE_AT)
    assert fact.promise == a_promise()
    assert pledge.published_at == MADE_AT


def test_the_secretariat_acknowledges_and_accepts() -> None:
    acknowledged, (first,) = made().acknowledge(by=DESK_OFFICER, at=LATER)
    assert isinstance(first, PledgeAcknowledged)
    after, (second,) = acknowledged.accept(by=DESK_OFFICER, at=LATER)
    assert isinstance(second, PledgeAccepted)
    assert (after.stage, second.state, second.accepted_at) == (Stage.ACCEPTED, PledgeState.ACCEPTED, LATER)


def test_a_question_is_for_the_pledger_alone_and_an_amendment_answers_it() -> None:
    acknowledged, _ = made(a_promise(quantity=UpTo(maximum=2, unit="unit"))).acknowledge(
        by=DESK_OFFICER, at=LATER
    )
    returned, (asked,) = acknowledged.return_for_clarification(
        ("least_missing",), "Would one be certain?", by=DESK_OFFICER, at=LATER, taxonomy=TAXONOMY
    )
    assert isinstance(asked, PledgeReturned)
    assert asked.asks == ("least_missing",)
    assert "certain" not in asked.model_dump_json()
    assert returned.history[-1].note == "Would one be certain?"
    again, (amended,) = returned.amend(a_promise(), NOTHING, by=FOCAL_POINT, at=LATER, taxonomy=TAXONOMY)
    assert isinstance(amended, PledgeAmended)
    assert again.stage is Stage.MADE
    assert amended.changes == (
        FieldChange(path="quantity.kind", before="up_to", after="exact"),
        FieldChange(path="quantity.maximum", before="2"),
        FieldChange(path="quantity.count", after="2"),
        FieldChange(path="quantity.is_approximate", after="false"),
    )


def test_a_question_outside_the_vocabulary_is_refused() -> None:
    acknowledged, _ = made().acknowledge(by=DESK_OFFICER, at=LATER)
    with pytest.raises(TermUnknown):
        acknowledged.return_for_clarification(("why",), None, by=DESK_OFFICER, at=LATER, taxonomy=TAXONOMY)


def test_an_amendment_ends_an_acceptance() -> None:
    pledge, (fact,) = accepted().amend(
        a_promise(place="MINUSMA"), NOTHING, by=FOCAL_POINT, at=LATER, taxonomy=TAXONOMY
    )
    assert isinstance(fact, PledgeAmended)
    assert fact.state is PledgeState.MADE
    assert pledge.stage is Stage.MADE


def test_both_sides_must_show_that_a_pledge_was_kept() -> None:
    pledge = accepted()
    with pytest.raises(NotYetShown) as missing:
        pledge.confirm(by=DESK_OFFICER, at=LATER)
    assert missing.value.details["side"] == "pledger"
    pledge, (reported,) = pledge.report(a_report(Side.PLEDGER), by=FOCAL_POINT, at=LATER)
    assert isinstance(reported, PledgeProgressReported)
    unfinished = a_report(Side.SECRETARIAT, is_complete=False, delivered=Exact(count=1, unit="unit"))
    pledge, _ = pledge.report(unfinished, by=DESK_OFFICER, at=LATER)
    with pytest.raises(NotYetShown):
        pledge.confirm(by=DESK_OFFICER, at=LATER)
    pledge, _ = pledge.report(a_report(Side.SECRETARIAT), by=DESK_OFFICER, at=LATER)
    kept, (fact,) = pledge.confirm(by=DESK_OFFICER, at=LATER)
    assert isinstance(fact, PledgeFulfilled)
    assert (fact.self_report, fact.evidence) == (a_report(Side.PLEDGER), a_report(Side.SECRETARIAT))
    assert kept.stage is Stage.FULFILLED


def test_reports_about_an_earlier_promise_do_not_show_that_the_present_one_was_kept() -> None:
    pledge = accepted()
    for side, by in ((Side.PLEDGER, FOCAL_POINT), (Side.SECRETARIAT, DESK_OFFICER)):
        pledge, _ = pledge.report(a_report(side), by=by, at=LATER)
    more = a_promise(quantity=Exact(count=20, unit="unit"))
    pledge, _ = pledge.amend(more, NOTHING, by=FOCAL_POINT, at=LATER, taxonomy=TAXONOMY)
    with pytest.raises(NotYetShown):
        accepted(pledge).confirm(by=DESK_OFFICER, at=LATER)


def test_evidence_names_a_document_and_no_report_describes_tomorrow() -> None:
    pledge = accepted()
    with pytest.raises(EvidenceWithoutDocument):
        pledge.report(a_report(Side.SECRETARIAT, references=()), by=DESK_OFFICER, at=LATER)
    with pytest.raises(ReportLiesAhead):
        pledge.report(a_report(Side.PLEDGER, as_of_on=date(2022, 9, 5)), by=FOCAL_POINT, at=LATER)
    in_kiribati = a_report(Side.PLEDGER, as_of_on=date(2022, 9, 4))
    assert pledge.report(in_kiribati, by=FOCAL_POINT, at=LATER)[0].latest_report(Side.PLEDGER) == in_kiribati


def test_a_withdrawn_pledge_is_out_of_every_total() -> None:
    pledge, (fact,) = accepted().withdraw("The unit was deployed elsewhere.", by=FOCAL_POINT, at=LATER)
    assert isinstance(fact, PledgeWithdrawn)
    assert fact.reason == "The unit was deployed elsewhere."
    assert not pledge.is_counted
    assert accepted().is_counted


@pytest.mark.parametrize(
    "visibility", [PRIVATE, embargoed(LATER + timedelta(days=9), now=MADE_AT)], ids=["private", "embargo"]
)
def test_what_is_not_public_publishes_nothing_and_then_one_fact_as_it_stands(visibility: Visibility) -> None:
    """The lower number and the question stay unsaid: only what holds on the day of publication is published."""
    pledge, nothing = drafted(visibility=visibility).make(by=FOCAL_POINT, at=MADE_AT)
    assert nothing == ()
    less = a_promise(quantity=Exact(count=1, unit="unit"))
    pledge, nothing = pledge.amend(less, NOTHING, by=FOCAL_POINT, at=LATER, taxonomy=TAXONOMY)
    assert nothing == ()
    pledge = accepted(pledge)
    pledge, nothing = pledge.report(a_report(Side.PLEDGER), by=FOCAL_POINT, at=LATER)
    assert nothing == ()
    public, (fact,) = pledge.set_visibility(PUBLIC, by=FOCAL_POINT, at=LATER)
    assert isinstance(fact, PledgeMade)
    assert (fact.state, fact.made_at, fact.promise) == (PledgeState.ACCEPTED, MADE_AT, less)
    assert fact.self_report == a_report(Side.PLEDGER)
    assert fact.evidence is None
    assert public.withdraw(None, by=FOCAL_POINT, at=LATER)[1] != ()


def test_an_embargo_is_lifted_when_it_has_passed_and_not_before() -> None:
    pledge = made(visibility=embargoed(LATER, now=MADE_AT))
    assert pledge.lift_embargo(by=DESK_OFFICER, at=LATER - timedelta(microseconds=1)) == (pledge, ())
    public, (fact,) = pledge.lift_embargo(by=DESK_OFFICER, at=LATER)
    assert isinstance(fact, PledgeMade)
    assert (fact.made_at, public.published_at, public.visibility) == (MADE_AT, LATER, PUBLIC)
    with pytest.raises(PledgeIsPublic):
        public.lift_embargo(by=DESK_OFFICER, at=LATER)


def test_a_draft_whose_embargo_has_passed_is_published_when_it_is_made() -> None:
    _, (fact,) = drafted(visibility=embargoed(LATER, now=MADE_AT)).make(by=FOCAL_POINT, at=LATER)
    assert isinstance(fact, PledgeMade)


def test_a_pledge_that_ends_before_it_was_public_is_never_heard_of() -> None:
    withdrawn, nothing = made(visibility=PRIVATE).withdraw(None, by=FOCAL_POINT, at=LATER)
    assert nothing == ()
    with pytest.raises(StepNotOpen):
        withdrawn.set_visibility(PUBLIC, by=FOCAL_POINT, at=LATER)


def test_an_embargo_ends_in_the_future_and_nothing_public_becomes_private() -> None:
    with pytest.raises(EmbargoLiesBehind):
        embargoed(MADE_AT, now=MADE_AT)
    with pytest.raises(PledgeIsPublic):
        made().set_visibility(PRIVATE, by=FOCAL_POINT, at=LATER)
    with pytest.raises(NothingChanged):
        drafted().set_visibility(PUBLIC, by=FOCAL_POINT, at=LATER)


def test_what_is_held_back_is_in_no_fact_and_can_only_be_shown() -> None:
    secret = a_promise(
        amount=ExactAmount(money=Money(amount_minor=123_456_789, currency="USD")),
        conditions=(Condition(kind="agreement", words="if parliament agrees"),),
        words="At a cost of 1,234,567.89 dollars.",
    )
    hidden = frozenset({HeldBack.AMOUNT, HeldBack.CONDITIONS, HeldBack.WORDS})
    pledge, (fact,) = drafted(secret, held_back=hidden).make(by=FOCAL_POINT, at=MADE_AT)
    assert isinstance(fact, PledgeMade)
    assert fact.held_back == (HeldBack.AMOUNT, HeldBack.CONDITIONS, HeldBack.WORDS)
    assert fact.promise == a_promise()
    cheaper = secret.model_copy(update={"amount": ExactAmount(money=Money(amount_minor=1, currency="USD"))})
    pledge, (amended,) = pledge.amend(cheaper, hidden, by=FOCAL_POINT, at=LATER, taxonomy=TAXONOMY)
    assert isinstance(amended, PledgeAmended)
    assert amended.changes == ()
    with pytest.raises(PledgeIsPublic):
        pledge.amend(cheaper, hidden | {HeldBack.PLACE}, by=FOCAL_POINT, at=LATER, taxonomy=TAXONOMY)
    _, (showing,) = pledge.amend(
        cheaper, hidden - {HeldBack.AMOUNT}, by=FOCAL_POINT, at=LATER, taxonomy=TAXONOMY
    )
    assert isinstance(showing, PledgeAmended)
    assert FieldChange(path="amount.money.amount_minor", after="1") in showing.changes


def test_what_is_no_commitment_is_not_accepted_and_a_reviewer_can_class_it_so() -> None:
    acknowledged, _ = made(a_promise(nature=Nature.PRACTICE)).acknowledge(by=DESK_OFFICER, at=LATER)
    with pytest.raises(NotACommitment):
        acknowledged.accept(by=DESK_OFFICER, at=LATER)
    classed, (fact,) = acknowledged.reclassify(Nature.COMMITMENT, "It is one.", by=DESK_OFFICER, at=LATER)
    assert isinstance(fact, PledgeAmended)
    assert fact.amended_by is Side.SECRETARIAT
    assert classed.stage is Stage.ACKNOWLEDGED
    pledge, _ = classed.accept(by=DESK_OFFICER, at=LATER)
    undone, _ = pledge.reclassify(Nature.READINESS, None, by=DESK_OFFICER, at=LATER)
    assert undone.stage is Stage.ACKNOWLEDGED
    assert not undone.is_counted
    with pytest.raises(NothingChanged):
        undone.reclassify(Nature.READINESS, None, by=DESK_OFFICER, at=LATER)


def test_who_pledges_says_whether_it_is_new() -> None:
    unsaid = a_promise(additionality=Additionality.NOT_STATED)
    with pytest.raises(AdditionalityNotStated):
        drafted(unsaid).make(by=FOCAL_POINT, at=MADE_AT)


def test_what_the_secretariat_records_has_a_source() -> None:
    unsaid = a_promise(additionality=Additionality.NOT_STATED)
    with pytest.raises(SourceMissing):
        drafted(unsaid, by=DESK_OFFICER).make(by=DESK_OFFICER, at=MADE_AT)
    sourced = unsaid.model_copy(update={"sources": (Source(reference="A/1", kind="official_record"),)})
    _, (fact,) = drafted(sourced, by=DESK_OFFICER).make(by=DESK_OFFICER, at=MADE_AT)
    assert isinstance(fact, PledgeMade)
    assert fact.recorded_by is Side.SECRETARIAT


def test_the_secretariat_pledges_like_everybody_else() -> None:
    own, (fact,) = drafted(pledger=SECRETARIAT, by=DESK_OFFICER).make(by=DESK_OFFICER, at=MADE_AT)
    assert fact.subject.endswith(".UN-SECRETARIAT")
    assert own.recorded_by is Side.PLEDGER


def test_a_change_on_an_old_revision_is_refused() -> None:
    pledge = made()
    pledge.expect(2)
    with pytest.raises(PledgeChanged) as stale:
        pledge.expect(1)
    assert stale.value.details["revision"] == 2


def test_an_amendment_that_changes_nothing_is_refused() -> None:
    with pytest.raises(NothingChanged):
        made().amend(a_promise(), NOTHING, by=FOCAL_POINT, at=LATER, taxonomy=TAXONOMY)


def test_a_step_that_is_not_open_says_for_whom_it_is() -> None:
    with pytest.raises(StepNotOpen) as refusal:
        made().accept(by=DESK_OFFICER, at=LATER)
    assert isinstance(refusal.value, Refusal)
    assert refusal.value.details == {"step": "accept", "state": "made", "open_for": ["acknowledged"]}
    assert str(refusal.value) == "The pledge is made; the step 'accept' is open for one that is acknowledged."


STEPS: dict[str, Callable[[Pledge], object]] = {
    "revise": lambda one: one.revise(
        a_promise(place="X"), NOTHING, by=FOCAL_POINT, at=LATER, taxonomy=TAXONOMY
    ),
    "make": lambda one: one.make(by=FOCAL_POINT, at=LATER),
    "acknowledge": lambda one: one.acknowledge(by=DESK_OFFICER, at=LATER),
    "return": lambda one: one.return_for_clarification(
        ("other",), None, by=DESK_OFFICER, at=LATER, taxonomy=TAXONOMY
    ),
    "accept": lambda one: one.accept(by=DESK_OFFICER, at=LATER),
    "amend": lambda one: one.amend(
        a_promise(place="X"), NOTHING, by=FOCAL_POINT, at=LATER, taxonomy=TAXONOMY
    ),
    "reclassify": lambda one: one.reclassify(Nature.READINESS, None, by=DESK_OFFICER, at=LATER),
    "report": lambda one: one.report(a_report(Side.PLEDGER), by=FOCAL_POINT, at=LATER),
    "confirm": lambda one: one.confirm(by=DESK_OFFICER, at=LATER),
    "withdraw": lambda one: one.withdraw(None, by=FOCAL_POINT, at=LATER),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_pledge_that_has_ended_takes_no_step(step: str) -> None:
    kept = accepted()
    for side, by in ((Side.PLEDGER, FOCAL_POINT), (Side.SECRETARIAT, DESK_OFFICER)):
        kept, _ = kept.report(a_report(side), by=by, at=LATER)
    kept, _ = kept.confirm(by=DESK_OFFICER, at=LATER)
    withdrawn, _ = made().withdraw(None, by=FOCAL_POINT, at=LATER)
    for ended in (kept, withdrawn):
        with pytest.raises(StepNotOpen):
            STEPS[step](ended)


def test_history_has_one_line_per_revision_with_its_author() -> None:
    pledge = accepted()
    assert [(line.step, line.by.side, line.stage) for line in pledge.history] == [
        ("draft", Side.PLEDGER, Stage.DRAFT),
        ("make", Side.PLEDGER, Stage.MADE),
        ("acknowledge", Side.SECRETARIAT, Stage.ACKNOWLEDGED),
        ("accept", Side.SECRETARIAT, Stage.ACCEPTED),
    ]
    assert len(pledge.history) == pledge.revision
