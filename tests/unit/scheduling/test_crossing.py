"""Two that ask for each other meet once."""

from summit_contracts.scheduling import BilateralAccepted, BilateralCancelled, DeclineReason
from summit_contracts.values import Rank
from summit_scheduling.domain.crossing import join
from summit_scheduling.domain.progress import Status
from summit_testkit.builders.scheduling import (
    BEFORE,
    FIRST_DAY,
    LAST_DAY,
    a_bilateral,
    a_grid,
    an_agreed_bilateral,
    terms,
)


def test_the_later_wish_is_a_yes_to_the_first() -> None:
    first = a_bilateral("b1", "KE", "RW", priority=3)
    later = a_bilateral("b2", "RW", "KE", priority=1, days=(LAST_DAY,), level=Rank.MINISTER)
    joined = join(first, later, now=BEFORE)
    assert joined
    assert (joined.after.status, joined.after.priority) == (Status.AGREED, 1)
    assert joined.after.terms == terms(days=(LAST_DAY,), level=Rank.MINISTER)
    assert joined.ended.status is Status.CANCELLED
    accepted, cancelled = joined.facts
    assert isinstance(accepted, BilateralAccepted)
    assert isinstance(cancelled, BilateralCancelled)
    assert (accepted.bilateral_id, accepted.by, accepted.terms) == ("b1", "RW", joined.after.terms)
    assert (cancelled.bilateral_id, cancelled.reason, cancelled.joined_with) == ("b2", "joined", "b1")


def test_equal_terms_leave_the_thread_as_it_was() -> None:
    joined = join(a_bilateral("b1", "KE", "RW"), a_bilateral("b2", "RW", "KE"), now=BEFORE)
    assert joined
    assert len(joined.after.thread) == 1
    assert joined.after.awaiting == ()


def test_a_wish_for_what_is_agreed_already_only_ends() -> None:
    first = an_agreed_bilateral("b1", "KE", "RW")
    joined = join(first, a_bilateral("b2", "RW", "KE"), now=BEFORE)
    assert joined
    assert joined.after is first
    assert [type(fact) for fact in joined.facts] == [BilateralCancelled]


def test_wishes_without_a_common_day_stay_two() -> None:
    first = a_bilateral("b1", "KE", "RW", days=(FIRST_DAY,))
    assert join(first, a_bilateral("b2", "RW", "KE", days=(LAST_DAY,)), now=BEFORE) is None


def test_what_is_no_crossing_wish_stays_alone() -> None:
    first = a_bilateral("b1", "KE", "RW")
    declined = first.decline("RW", DeclineReason.NO_TIME, now=BEFORE).after
    countered = first.counter("RW", terms(minutes=40), grid=a_grid(), now=BEFORE).after
    crossing = a_bilateral("b2", "RW", "KE")
    assert join(first, a_bilateral("b2", "KE", "RW"), now=BEFORE) is None, "the same side asks twice"
    assert join(first, a_bilateral("b2", "RW", "FR"), now=BEFORE) is None, "another pair"
    assert join(declined, crossing, now=BEFORE) is None, "the first has ended"
    assert join(countered, crossing, now=BEFORE) is None, "it is the other's turn"
    group = a_bilateral("b3", "KE", "RW", "FR")
    assert join(group, a_bilateral("b4", "RW", "KE", "FR"), now=BEFORE) is None, "a group"
