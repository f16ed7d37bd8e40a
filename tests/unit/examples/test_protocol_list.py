"""The reference subscriber's rule: the list depends on what happened, never on how it was delivered."""

import importlib.util
import multiprocessing
import sys
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summit_contracts.envelope import Envelope
from summit_contracts.values import Language
from summit_testkit.histories import registrations

PROGRAM = Path(__file__).parents[3] / "examples" / "protocol-list" / "participants.py"


def _loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("participants", PROGRAM)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


example = _loaded()


def list_of(participants: Any) -> list[list[str]]:
    return [[edition, *row] for edition in participants.editions() for row in participants.rows(edition)]


def in_order(history: list[Envelope[Any]]) -> list[list[str]]:
    participants = example.Participants(":memory:")
    for event in history:
        assert participants.apply(event) is example.Verdict.APPLIED
    return list_of(participants)


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), shuffle=st.randoms(use_true_random=False))
def test_twice_out_of_order_and_from_the_start_again_end_in_the_same_list(seed: int, shuffle: Random) -> None:
    history = registrations(seed)
    deliveries = [*history, *shuffle.sample(history, len(history) // 2), *history[: len(history) // 3]]
    shuffle.shuffle(deliveries)
    participants = example.Participants(":memory:")
    while deliveries:
        waiting = [event for event in deliveries if participants.apply(event) is example.Verdict.TOO_EARLY]
        assert len(waiting) < len(deliveries), "nothing moves"
        deliveries = waiting
    assert list_of(participants) == in_order(history)


def test_the_list_says_who_comes_in_the_readers_language() -> None:
    history = registrations(4, states=["KE"])
    participants = example.Participants(":memory:")
    for event in history:
        participants.apply(event)
    first = next(participants.rows("uncops-2022", Language.FRENCH))
    assert first[:2] == ["KE", "Kenya"]
    assert {row[5] for row in participants.rows("uncops-2022")} >= {"head"}
    assert next(participants.rows("uncops-2022", Language.CHINESE))[1] == "肯尼亚"


def test_one_more_fact_is_one_more_difference() -> None:
    """The control: two lists are not equal for want of content."""
    history = registrations(5)
    lists = [in_order(history[:length]) for length in (0, len(history) // 2, len(history))]
    assert lists[0] == []
    assert lists[1] != lists[2]


def test_a_transaction_that_fails_takes_everything_back() -> None:
    history = registrations(7)
    participants = example.Participants(":memory:")

    def fail_halfway() -> None:
        with participants.store:
            participants.store.execute("BEGIN IMMEDIATE")
            participants.apply(history[0])
            raise ConnectionError

    with pytest.raises(ConnectionError):
        fail_halfway()
    assert list_of(participants) == []
    assert participants.apply(history[0]) is example.Verdict.APPLIED


def test_whoever_looks_while_the_list_is_begun_is_in_nobodys_way(tmp_path: Path) -> None:
    """Two programs that opened a new file at once were told `database is locked`, two times in five."""
    forking = multiprocessing.get_context("fork")
    for number in range(20):
        at_once = forking.Barrier(2)

        def opened(file: Path = tmp_path / f"{number}.db", at_once: Any = at_once) -> None:
            at_once.wait()
            kept = example.Participants(file)
            at_once.wait(timeout=10)
            kept.store.close()

        both = [forking.Process(target=opened) for _ in range(2)]
        for one in both:
            one.start()
        for one in both:
            one.join()
        assert [one.exitcode for one in both] == [0, 0]
