"""Every fact on the stream takes effect once, after its predecessor, whatever is delivered twice, late, or again after a fault."""

import pytest

from summit_testkit.model.exploring import explored
from summit_testkit.model.hearing import Hearing, HearingProtocol, Mutant


def holds(*facts: str, faults: int) -> int:
    """How many states there are; in all of them the promises hold."""
    protocol = HearingProtocol(facts=facts)
    found = explored(Hearing(faults=faults), protocol.steps, protocol.broken, protocol.is_end)
    assert found.broken is None, f"{found.broken}: {' / '.join(found.path)}"
    return found.states


def test_two_hearers_two_faults_and_a_history_of_two_facts_apply_each_once_and_in_order() -> None:
    assert holds("A1", "A2", faults=2) > 10_000


@pytest.mark.long
@pytest.mark.timeout(900)
def test_two_hearers_two_faults_and_three_facts_apply_each_once_and_in_order() -> None:
    assert holds("A1", "A2", "B1", faults=2) > 1_000_000


@pytest.mark.parametrize("mutant", Mutant, ids=lambda mutant: mutant.name.lower())
def test_a_way_to_hear_that_breaks_a_promise_is_found(mutant: Mutant) -> None:
    protocol = HearingProtocol(mutant, facts=("A1", "A2"))
    found = explored(Hearing(faults=1), protocol.steps, protocol.broken, protocol.is_end)
    assert found.broken, f"not found: {mutant}"
    assert found.path
