"""A nomination goes from the focal point to the Police Division and to security, and may be held on its way."""

from datetime import timedelta
from typing import Any

import pytest

from summit_contracts.registration import DelegateAccredited, DelegateRefused
from summit_registration.domain.delegation import Change, Delegation
from summit_registration.domain.errors.delegations import (
    DecidedAlready,
    MemberUnknown,
    NotRegistered,
    PersonChanged,
    ReasonMissing,
    StageChanged,
)
from summit_registration.domain.people import Person, ReviewStage
from summit_registration.domain.review import Decision, decided
from summit_testkit.builders.registration import (
    MINT,
    OPENED_AT,
    a_head,
    form_of,
    registration_of_ke,
    terms_of_ke,
)

_DAY = timedelta(days=1)


def head(delegation: Delegation) -> Any:
    return delegation.members[0]


def decide(delegation: Delegation, decision: Decision, **said: Any) -> Change:
    given = {"seen_since": None, "reason": None, "note": None, **said}
    return decided(delegation, head(delegation).member_id, decision, **given)


def test_a_nomination_waits_from_the_moment_the_form_named_the_person() -> None:
    named = head(registration_of_ke().after)
    assert (named.stage, named.waits_since) == (ReviewStage.POLICE_DIVISION, OPENED_AT)


def test_what_is_cleared_waits_for_security_and_nobody_outside_hears_of_it() -> None:
    after, facts, _ = decide(registration_of_ke().after, Decision.CLEAR)
    assert (head(after).stage, facts) == (ReviewStage.SECURITY, ())
    assert decide(after, Decision.CLEAR) == Change(after)


@pytest.mark.parametrize("is_cleared", [False, True])
def test_what_was_held_goes_on_where_it_stood(is_cleared: bool) -> None:
    delegation = registration_of_ke().after
    if is_cleared:
        delegation = decide(delegation, Decision.CLEAR).after
    held, facts, _ = decide(delegation, Decision.HOLD, note="The passport has expired.")
    assert (head(held).stage, head(held).held_for, facts) == (
        ReviewStage.HELD,
        "The passport has expired.",
        (),
    )
    released = decide(held, Decision.RELEASE).after
    assert head(released) == head(delegation)


@pytest.mark.parametrize(
    ("decision", "stage", "fact"),
    [
        (Decision.ACCREDIT, ReviewStage.ACCREDITED, DelegateAccredited),
        (Decision.REFUSE, ReviewStage.REFUSED, DelegateRefused),
    ],
)
def test_a_final_decision_ends_a_hold_and_is_published(decision: Decision, stage: Any, fact: Any) -> None:
    held = decide(registration_of_ke().after, Decision.HOLD, note="Two of one name").after
    after, facts, _ = decide(held, decision, reason="duplicate")
    assert (head(after).stage, head(after).held_for) == (stage, None)
    assert [type(one) for one in facts] == [fact]


def test_nobody_is_held_or_refused_without_a_reason() -> None:
    delegation = registration_of_ke().after
    for decision, field in ((Decision.HOLD, "note"), (Decision.REFUSE, "reason")):
        with pytest.raises(ReasonMissing) as refused:
            decide(delegation, decision)
        assert refused.value.field == field


@pytest.mark.parametrize("decision", [Decision.CLEAR, Decision.HOLD, Decision.RELEASE])
def test_what_was_decided_is_not_taken_back_by_a_step_before(decision: Decision) -> None:
    accredited = decide(registration_of_ke().after, Decision.ACCREDIT).after
    with pytest.raises(DecidedAlready):
        decide(accredited, decision, note="Stop")


def test_another_name_sets_everything_back_and_a_decision_on_the_first_one_is_refused() -> None:
    cleared = decide(registration_of_ke(a_head("Grace")).after, Decision.CLEAR).after
    later = terms_of_ke(OPENED_AT + _DAY)
    renamed = cleared.replace_member(head(cleared).member_id, Person(name="John"), rank=None, terms=later)
    assert (head(renamed.after).stage, head(renamed.after).waits_since) == (
        ReviewStage.POLICE_DIVISION,
        OPENED_AT + _DAY,
    )
    with pytest.raises(PersonChanged):
        decide(renamed.after, Decision.ACCREDIT, seen_since=OPENED_AT)
    assert decide(renamed.after, Decision.ACCREDIT, seen_since=OPENED_AT + _DAY).facts


def test_what_somebody_else_decided_meanwhile_is_not_decided_over() -> None:
    refused = decide(registration_of_ke().after, Decision.REFUSE, reason="security").after
    with pytest.raises(StageChanged):
        decide(refused, Decision.ACCREDIT, seen_stage=ReviewStage.POLICE_DIVISION)
    assert decide(refused, Decision.ACCREDIT, seen_stage=ReviewStage.REFUSED).facts


def test_two_who_agree_are_in_no_conflict() -> None:
    accredited = decide(registration_of_ke().after, Decision.ACCREDIT).after
    assert decide(accredited, Decision.ACCREDIT, seen_stage=ReviewStage.SECURITY) == Change(accredited)


@pytest.mark.parametrize(
    ("decision", "said", "otherwise"),
    [
        (Decision.REFUSE, {"reason": "security"}, {"reason": "duplicate"}),
        (Decision.HOLD, {"note": "Two of one name"}, {"note": "The passport has expired."}),
    ],
)
def test_a_decision_sent_twice_is_one_and_another_reason_is_another_decision(
    decision: Decision, said: dict[str, str], otherwise: dict[str, str]
) -> None:
    seen = {"seen_stage": ReviewStage.POLICE_DIVISION, "seen_since": OPENED_AT}
    after = decide(registration_of_ke().after, decision, **said, **seen).after
    assert decide(after, decision, **said, **seen) == Change(after)
    with pytest.raises(StageChanged):
        decide(after, decision, **otherwise, **seen)


def test_a_release_sent_twice_is_one() -> None:
    held = decide(registration_of_ke().after, Decision.HOLD, note="Two of one name").after
    released = decide(held, Decision.RELEASE, seen_stage=ReviewStage.HELD).after
    assert decide(released, Decision.RELEASE, seen_stage=ReviewStage.HELD) == Change(released)


def test_a_corrected_rank_keeps_the_place_in_the_queue() -> None:
    cleared = decide(registration_of_ke(a_head("Grace")).after, Decision.CLEAR).after
    form = [one.model_copy(update={"rank": "minister"}) for one in form_of(cleared)]
    later = terms_of_ke(OPENED_AT + _DAY)
    amended = cleared.amend(form, language=None, terms=later, new_key=MINT.key).after
    assert (head(amended).stage, head(amended).waits_since) == (ReviewStage.SECURITY, OPENED_AT)


def test_only_a_place_of_a_registered_delegation_is_decided() -> None:
    delegation = registration_of_ke().after
    with pytest.raises(MemberUnknown):
        decided(delegation, "key-999999", Decision.CLEAR, seen_since=None, reason=None, note=None)
    withdrawn = delegation.withdraw(None, terms=terms_of_ke()).after
    with pytest.raises(NotRegistered):
        decided(
            withdrawn, head(delegation).member_id, Decision.CLEAR, seen_since=None, reason=None, note=None
        )
