"""Every fact that becomes true comes to the stream, in its aggregate's order, whatever dies at whichever moment."""

import pytest

from summit_testkit.model.exploring import explored
from summit_testkit.model.publishing import Mutant, PublishingProtocol, publishing

FOUND_WITH: dict[Mutant, tuple[tuple[str, ...], int]] = {
    Mutant.PUBLISH_BEFORE_COMMIT: (("A1",), 0),
    Mutant.MARK_BEFORE_PUBLISH: (("A1", "A2", "B1"), 2),
    Mutant.HIGH_WATER_MARK: (("A1", "B1"), 0),
    Mutant.NO_RECONCILIATION: (("A1",), 1),
    Mutant.RECONCILE_BY_LENGTH: (("A1", "B1"), 2),
    Mutant.PUBLISH_AFTER_RECONNECT: (("A1", "A2"), 2),
    Mutant.NO_FENCE: (("A1", "A2"), 1),
}
"""The facts and the number of faults that show what is wrong with it."""


def holds(*facts: str, faults: int, made_anew: bool = False) -> int:
    """How many states there are; in all of them the promises hold."""
    protocol = PublishingProtocol(made_anew=made_anew)
    found = explored(publishing(*facts, faults=faults), protocol.steps, protocol.broken, protocol.is_end)
    assert found.broken is None, f"{found.broken}: {' / '.join(found.path)}"
    return found.states


def test_two_relays_two_faults_and_two_independent_facts_lose_nothing() -> None:
    assert holds("A1", "B1", faults=2) > 40_000


def test_two_relays_two_faults_and_a_history_of_two_facts_keep_its_order() -> None:
    assert holds("A1", "A2", faults=2) > 10_000


def test_a_stream_made_anew_is_filled_again_in_order() -> None:
    assert holds("A1", "A2", faults=1, made_anew=True) > 2_000


@pytest.mark.long
@pytest.mark.timeout(900)
def test_two_relays_two_faults_and_three_facts_lose_nothing() -> None:
    assert holds("A1", "A2", "B1", faults=2) > 300_000
    assert holds("A1", "A2", "B1", faults=1, made_anew=True) > 50_000


@pytest.mark.parametrize("mutant", Mutant, ids=lambda mutant: mutant.name.lower())
def test_a_way_to_publish_that_breaks_a_promise_is_found(mutant: Mutant) -> None:
    facts, faults = FOUND_WITH[mutant]
    protocol = PublishingProtocol(mutant, made_anew=mutant is Mutant.NO_FENCE)
    found = explored(publishing(*facts, faults=faults), protocol.steps, protocol.broken, protocol.is_end)
    assert found.broken, f"not found: {mutant}"
    assert found.path
