import io
from typing import Any

from rich.console import Console

from summit_cli.play.reckoning import Line, Outcome
from summit_cli.play.table import show
from summit_cli.play.tally import Tally
from summit_contracts.fact import Fact, Stream
from summit_contracts.registration import (
    DelegationConfirmed,
    DelegationRegistered,
    DelegationState,
    DelegationWithdrawn,
    InvitationIssued,
)
from summit_contracts.scheduling import (
    BilateralCancelled,
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
)
from summit_contracts.testing import examples_of

EDITION = "uncops-2022"
COUNTS: dict[str, dict[str, Any]] = {
    "registration": {"invited": 217, "registered": 123, "confirmed": 110, "wishes": 600},
    "scheduling": {"requested": 600, "agreed": 550, "declined": 50, "placed": 416},
    "pledges": {"by_category": {"police": 12, "air": 6}},
    "notifications": {"by_language": {"fr": 3}},
}


def tally(*facts: Fact) -> Tally:
    counted = Tally(EDITION)
    for fact in facts:
        counted.count(fact.STREAM, fact)
        if fact.STREAM is not Stream.PERSONAL:
            counted.count(Stream.SUMMIT, fact)
    return counted


def example(kind: type[Fact]) -> Fact:
    fact = examples_of(kind).full
    return fact.model_copy(update={"invitee": "KE"}) if "invitee" in kind.model_fields else fact


def test_a_copy_in_summit_counts_there_and_changes_nothing() -> None:
    counted = tally(example(InvitationIssued), example(InvitationIssued))
    assert counted.of(InvitationIssued) == 2
    assert counted.facts[Stream.SUMMIT].total() == 2
    assert len(counted.invited) == 1


def test_a_delegation_is_what_its_last_fact_says() -> None:
    registered, confirmed = example(DelegationRegistered), example(DelegationConfirmed)
    withdrawn = example(DelegationWithdrawn)
    assert set(tally(registered, confirmed).delegations.values()) == {DelegationState.CONFIRMED}
    assert set(tally(registered, withdrawn).delegations.values()) == {DelegationState.WITHDRAWN}


def test_a_meeting_is_placed_until_it_is_not() -> None:
    scheduled = example(BilateralScheduled)
    assert len(tally(scheduled, example(BilateralMoved)).placed) == 1
    for end in (BilateralUnplaced, BilateralCancelled):
        assert tally(scheduled, example(end)).placed == set()
        assert len(tally(scheduled, example(end), scheduled).placed) == 1


def shown(outcome: Outcome) -> str:
    console = Console(width=140, file=io.StringIO(), record=True)
    show(console, outcome)
    return console.export_text()


def outcome(*lines: Line, dead_letters: int = 0) -> Outcome:
    return Outcome(COUNTS, tally(example(InvitationIssued)), {"at_most": 416}, lines, dead_letters)


def test_what_agrees_is_said_once() -> None:
    said = shown(outcome(Line("letters sent", 3, 3)))
    assert "1 counts of the services compared with the streams, 0 dead letters: all agree" in said
    assert "416 of at most 416" in said
    assert "the streams say" not in said


def test_what_does_not_agree_is_said_with_both_numbers() -> None:
    broken = outcome(Line("letters sent", 3, 2), Line("pledges", 49, 49))
    assert not broken.agrees
    said = shown(broken)
    assert "letters sent: the service counts 3, the streams say 2" in said
    assert "pledges: the service" not in said
    assert "does not agree" in said


def test_a_dead_letter_is_no_agreement() -> None:
    assert not outcome(Line("letters sent", 3, 3), dead_letters=1).agrees
    assert "does not agree" in shown(outcome(dead_letters=1))
