"""The delivery of one letter, step by step."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from summit_contracts.notifications import LetterEnding, LetterFailed, LetterSent
from summit_contracts.values import Language
from summit_notifications.domain.answers import Answer, Later, Never, Taken, Uncertain
from summit_notifications.domain.delivery import Delivery, DeliveryState, Patience
from summit_notifications.domain.errors import AttemptReplaced, NotToBeDecided
from summit_notifications.domain.mail import Recipient

NOW = datetime(2022, 7, 4, 14, 5, tzinfo=UTC)
PATIENCE = Patience()
RECIPIENTS = (
    Recipient("nominator", "to", "Permanent Mission", "mission@ke.example"),
    Recipient("backup", "cc", "Second Secretary", "second@ke.example"),
)


def queued(void_at: datetime | None = None) -> Delivery:
    return Delivery(
        edition_id="uncops-2022",
        letter_id="letter-1",
        letter="delegation_registered",
        invitee="KE",
        member_id=None,
        state=DeliveryState.QUEUED,
        due_at=NOW,
        void_at=void_at,
    )


def sending(at: datetime = NOW, delivery: Delivery | None = None, attempt: str = "a1") -> Delivery:
    return (delivery or queued()).begun(attempt, RECIPIENTS, Language.FRENCH, at, PATIENCE)


def handing_over() -> Delivery:
    return sending().handing_over("a1")


def test_a_letter_that_was_taken_is_sent_and_says_so_once() -> None:
    after, fact = handing_over().ended("a1", Taken(Answer(250), frozenset({1})), NOW, PATIENCE)
    assert after.state is DeliveryState.SENT
    assert isinstance(fact, LetterSent)
    assert (fact.attempts, fact.delivery_id, fact.language) == (1, "a1", Language.FRENCH)
    assert [(one.role, one.line, one.is_accepted) for one in fact.recipients] == [
        ("nominator", "to", True),
        ("backup", "cc", False),
    ]
    with pytest.raises(AttemptReplaced):
        after.ended("a1", Taken(Answer(250)), NOW, PATIENCE)


def test_no_address_and_no_name_stands_in_a_fact() -> None:
    _, fact = handing_over().ended("a1", Taken(Answer(250)), NOW, PATIENCE)
    assert fact is not None
    assert "@" not in fact.model_dump_json()
    assert "Mission" not in fact.model_dump_json()


def test_a_refusal_for_good_fails_with_the_codes() -> None:
    after, fact = sending().ended("a1", Never("recipients_refused", Answer(550, "5.1.1")), NOW, PATIENCE)
    assert after.state is DeliveryState.FAILED
    assert isinstance(fact, LetterFailed)
    assert (fact.ending, fact.reason, fact.reply_code, fact.status_code) == (
        LetterEnding.REFUSED,
        "recipients_refused",
        550,
        "5.1.1",
    )


def test_gibberish_instead_of_a_reply_code_stands_in_no_fact() -> None:
    _, fact = sending().ended("a1", Never("content_refused", Answer(-1)), NOW, PATIENCE)
    assert isinstance(fact, LetterFailed)
    assert fact.reply_code is None


def test_a_passing_fault_is_tried_again_later() -> None:
    after, fact = sending().ended("a1", Later("unreachable"), NOW, PATIENCE)
    assert (after.state, fact, after.reason) == (DeliveryState.RETRYING, None, "unreachable")
    assert not after.is_due(NOW + PATIENCE.shortest - timedelta(seconds=1))
    assert after.is_due(NOW + PATIENCE.shortest * 1.1)


def test_the_waiting_grows_up_to_a_cap_and_ends_with_a_last_attempt() -> None:
    delivery, moments, fact = queued(), list[datetime](), None
    while fact is None:
        moments.append(delivery.due_at)
        attempt = f"a{len(moments)}"
        delivery = sending(delivery.due_at, delivery, attempt)
        delivery, fact = delivery.ended(attempt, Later("unreachable"), moments[-1], PATIENCE)
    waits = [after - before for before, after in pairwise(moments)]
    growing = waits[:-1]
    assert growing == sorted(growing)
    assert max(growing) <= PATIENCE.longest * 1.1
    assert moments[-1] == NOW + PATIENCE.gives_up_after
    assert delivery.is_last_attempt
    assert isinstance(fact, LetterFailed)
    assert (fact.ending, fact.attempts) == (LetterEnding.GAVE_UP, len(moments))
    assert 90 < len(moments) < 120


def test_letters_delayed_together_do_not_come_back_together() -> None:
    moments = {PATIENCE.next_at(NOW, NOW, f"letter-{number}") for number in range(50)}
    assert len(moments) > 40


def test_a_letter_that_was_not_handed_over_is_tried_again_when_its_sender_died() -> None:
    after, fact = sending().lease_ran_out(NOW + PATIENCE.lease, PATIENCE)
    assert (after.state, fact) == (DeliveryState.RETRYING, None)


def test_a_letter_that_may_have_left_waits_for_a_person() -> None:
    after, fact = handing_over().lease_ran_out(NOW + PATIENCE.lease, PATIENCE)
    assert after.state is DeliveryState.UNCERTAIN
    assert isinstance(fact, LetterFailed)
    assert fact.ending is LetterEnding.UNCERTAIN
    assert not after.is_due(NOW + timedelta(days=365))


def test_a_lease_that_runs_still_protects_the_attempt() -> None:
    with pytest.raises(AttemptReplaced):
        sending().lease_ran_out(NOW + PATIENCE.lease - timedelta(seconds=1), PATIENCE)


def test_an_attempt_that_goes_on_renews_its_lease() -> None:
    almost = NOW + PATIENCE.lease - timedelta(seconds=1)
    renewed = handing_over().renewed("a1", almost, PATIENCE)
    with pytest.raises(AttemptReplaced):
        renewed.lease_ran_out(almost + PATIENCE.lease - timedelta(seconds=1), PATIENCE)
    assert renewed.lease_ran_out(almost + PATIENCE.lease, PATIENCE)[0].state is DeliveryState.UNCERTAIN


def test_an_attempt_that_was_replaced_or_has_ended_renews_nothing() -> None:
    retrying, _ = sending().lease_ran_out(NOW + PATIENCE.lease, PATIENCE)
    for delivery in (retrying, sending(retrying.due_at, retrying, attempt="a2")):
        with pytest.raises(AttemptReplaced):
            delivery.renewed("a1", NOW, PATIENCE)


def test_an_attempt_that_was_replaced_cannot_hand_over() -> None:
    retrying, _ = sending().lease_ran_out(NOW + PATIENCE.lease, PATIENCE)
    second = sending(retrying.due_at, retrying, attempt="a2")
    with pytest.raises(AttemptReplaced):
        second.handing_over("a1")
    assert second.handing_over("a2").state is DeliveryState.HANDING_OVER


def test_a_late_answer_of_the_same_attempt_settles_the_doubt() -> None:
    uncertain, _ = handing_over().lease_ran_out(NOW + PATIENCE.lease, PATIENCE)
    after, fact = uncertain.ended("a1", Taken(Answer(250)), NOW, PATIENCE)
    assert after.state is DeliveryState.SENT
    assert isinstance(fact, LetterSent)


def test_a_doubt_is_told_once() -> None:
    uncertain, _ = handing_over().lease_ran_out(NOW + PATIENCE.lease, PATIENCE)
    after, fact = uncertain.ended("a1", Uncertain("no_answer"), NOW, PATIENCE)
    assert (after, fact) == (uncertain, None)


def test_a_person_settles_a_doubt_either_way() -> None:
    uncertain, _ = handing_over().ended("a1", Uncertain("no_answer"), NOW, PATIENCE)
    found, fact = uncertain.found_delivered()
    assert found.state is DeliveryState.SENT
    assert isinstance(fact, LetterSent)
    again = uncertain.to_be_sent_again(NOW)
    assert again.is_due(NOW)
    assert sending(NOW, again, attempt="a2").attempts == 2


@pytest.mark.parametrize("state", [DeliveryState.QUEUED, DeliveryState.SENDING, DeliveryState.SENT])
def test_what_is_not_in_doubt_cannot_be_settled(state: DeliveryState) -> None:
    delivery = {
        DeliveryState.QUEUED: queued(),
        DeliveryState.SENDING: sending(),
        DeliveryState.SENT: handing_over().ended("a1", Taken(Answer(250)), NOW, PATIENCE)[0],
    }[state]
    with pytest.raises(NotToBeDecided):
        delivery.found_delivered()
    with pytest.raises(NotToBeDecided):
        delivery.to_be_sent_again(NOW)


def test_a_bounce_after_acceptance_is_told_once() -> None:
    sent, _ = handing_over().ended("a1", Taken(Answer(250)), NOW, PATIENCE)
    bounced, fact = sent.bounced(Answer(550, "5.1.1"))
    assert bounced.state is DeliveryState.BOUNCED
    assert isinstance(fact, LetterFailed)
    assert fact.ending is LetterEnding.BOUNCED
    with pytest.raises(AttemptReplaced):
        bounced.bounced(None)


def test_a_letter_nobody_can_be_written_to_waits_without_an_attempt_and_fails_in_the_end() -> None:
    delivery, fact = queued().nobody_to_write_to(NOW, PATIENCE)
    assert (delivery.state, delivery.attempts, fact) == (DeliveryState.RETRYING, 0, None)
    while fact is None:
        delivery, fact = delivery.nobody_to_write_to(delivery.due_at, PATIENCE)
    assert isinstance(fact, LetterFailed)
    assert (fact.reason, fact.attempts, fact.delivery_id) == ("nobody_to_write_to", 0, None)


def test_a_letter_that_cannot_be_written_waits_without_an_attempt() -> None:
    waiting, fact = queued().not_writable(NOW, PATIENCE)
    assert (waiting.state, waiting.reason, waiting.attempts, fact) == (
        DeliveryState.RETRYING,
        "not_writable",
        0,
        None,
    )
    with pytest.raises(AttemptReplaced):
        waiting.not_writable(NOW, PATIENCE)


def test_an_address_that_becomes_known_makes_the_waiting_letter_due() -> None:
    delivery, _ = queued().nobody_to_write_to(NOW, PATIENCE)
    later = NOW + timedelta(seconds=1)
    assert not delivery.is_due(later)
    assert delivery.due_now(later).is_due(later)
    assert handing_over().due_now(later) == handing_over()


def test_a_code_that_has_expired_is_not_sent_any_more() -> None:
    expires = NOW + timedelta(minutes=10)
    waiting, fact = sending(delivery=queued(expires)).ended("a1", Later("unreachable"), NOW, PATIENCE)
    assert fact is None
    assert waiting.due_at <= expires
    lapsed, failed = waiting.lapsed(expires)
    assert isinstance(failed, LetterFailed)
    assert (lapsed.state, failed.reason) == (DeliveryState.FAILED, "lapsed")
    with pytest.raises(AttemptReplaced):
        waiting.lapsed(expires - timedelta(minutes=5))


def test_nobody_may_begin_what_is_not_due() -> None:
    with pytest.raises(AttemptReplaced):
        sending(NOW, sending())
