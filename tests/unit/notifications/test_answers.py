"""What mail servers' answers mean. Source of the codes: RFC 5321, RFC 3463, RFC 4954."""

import pytest

from summit_notifications.domain.answers import Answer, Later, Never, Stage, recipients_verdict

_YES, _NEVER, _LATER = Answer(250), Answer(550, "5.1.1"), Answer(451, "4.7.1")


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        (Stage.RECIPIENT, Answer(550, "5.1.1")),
        (Stage.RECIPIENT, Answer(553)),
        (Stage.CONTENT, Answer(554, "5.7.1")),
        (Stage.CONTENT, Answer(552, "5.3.4")),
        (Stage.SENDER, Answer(552)),
        (Stage.SENDER, Answer(555, "5.3.4")),
    ],
)
def test_a_refusal_of_the_letter_is_for_good(stage: Stage, answer: Answer) -> None:
    assert answer.is_for_good(stage)


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        (Stage.RECIPIENT, Answer(450, "4.2.0")),
        (Stage.RECIPIENT, Answer(552)),  # RFC 5321 4.5.3.1.10: too many recipients, to be treated as 452
        (Stage.RECIPIENT, Answer(552, "5.2.2")),  # a full mailbox is emptied again
        (Stage.CONTENT, Answer(451)),
        (Stage.CONTENT, Answer(421)),
        (Stage.SESSION, Answer(554)),
        (Stage.SENDER, Answer(550, "5.7.1")),
        (Stage.RECIPIENT, Answer(530, "5.7.0")),
        (Stage.CONTENT, Answer(535)),
        (Stage.CONTENT, Answer(-1)),
        (Stage.RECIPIENT, Answer(250)),
    ],
)
def test_a_passing_fault_or_a_refusal_of_ourselves_blames_no_letter(stage: Stage, answer: Answer) -> None:
    assert not answer.is_for_good(stage)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("5.1.1 <someone@mission.example> unknown", "5.1.1"),
        ("4.2.2", "4.2.2"),
        ("no such user 5.1.1", None),
        ("5.1.1.9 hm", None),
        ("", None),
    ],
)
def test_the_enhanced_status_is_read_and_nothing_else_is_kept(text: str, status: str | None) -> None:
    assert Answer.read(550, text) == Answer(550, status)


def test_all_recipients_taken_means_go_on() -> None:
    assert recipients_verdict([_YES, _YES], is_last_attempt=False) == frozenset()


def test_one_mail_waits_while_any_address_may_still_be_taken() -> None:
    assert recipients_verdict([_YES, _LATER], is_last_attempt=False) == Later("recipients_deferred", _LATER)


def test_the_last_attempt_goes_to_those_who_can_have_it() -> None:
    assert recipients_verdict([_LATER, _YES, _NEVER], is_last_attempt=True) == frozenset({0, 2})


def test_a_refused_address_does_not_keep_the_letter_from_the_others() -> None:
    assert recipients_verdict([_NEVER, _YES], is_last_attempt=False) == frozenset({0})


def test_when_nobody_may_have_it_the_letter_is_refused_for_good() -> None:
    assert recipients_verdict([_NEVER, _NEVER], is_last_attempt=False) == Never("recipients_refused", _NEVER)


def test_when_the_only_one_left_is_put_off_even_the_last_attempt_waits() -> None:
    assert recipients_verdict([_NEVER, _LATER], is_last_attempt=True) == Later("recipients_deferred", _LATER)
