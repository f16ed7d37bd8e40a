"""Identifiers sort by the time they were made, and do not repeat."""

import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit_chassis import ids


def test_an_id_says_when_it_was_made() -> None:
    before = time.time_ns() // 1_000_000
    made = UUID(ids.new_id())
    after = time.time_ns() // 1_000_000
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert before <= made.int >> 80 <= after


@given(st.integers(0, 2**48 - 2))
def test_a_later_one_sorts_behind(millisecond: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.time_ns", lambda: millisecond * 1_000_000)
        earlier = ids.new_id()
        patch.setattr("time.time_ns", lambda: (millisecond + 1) * 1_000_000)
        assert earlier < ids.new_id()


def test_ten_thousand_are_all_different() -> None:
    assert len({ids.new_id() for _ in range(10_000)}) == 10_000
