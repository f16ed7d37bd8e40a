"""A delegation can be met when somebody of the level asked for is there, free, and not bound elsewhere."""

from datetime import timedelta

import pytest

from summit_contracts.editions import Obligation
from summit_contracts.values import Function, Interval, Rank
from summit_scheduling.domain.availability import MAX_STRETCHES, Availability, Blocked
from summit_scheduling.domain.errors.availability import AvailabilityChanged, MemberUnknown, TooManyStretches
from summit_testkit.builders.scheduling import (
    EDITION_ID,
    FIRST_DAY,
    LAST_DAY,
    a_grid,
    in_new_york,
    members,
)

NOBODY_KNOWN = Availability(edition_id=EDITION_ID, code="KE")
HEAD = ("head", Function.HEAD, Rank.HEAD_OF_POLICE)
SUBSTITUTE = ("sub", Function.ALTERNATE, Rank.DEPUTY_HEAD_OF_POLICE)
STAFF = ("staff", Function.MEMBER, Rank.MINISTER)
FIRST_MORNING = Interval(start_at=in_new_york(FIRST_DAY, 10), end_at=in_new_york(FIRST_DAY, 12))


def known(*people: tuple[str, Function, Rank]) -> Availability:
    return NOBODY_KNOWN.attended_by(members(*people))


def test_until_it_is_known_who_comes_every_slot_suits_at_every_level() -> None:
    assert NOBODY_KNOWN.slots(a_grid(), Rank.HEAD_OF_GOVERNMENT) == frozenset(range(16))


def test_nobody_can_be_met_where_nobody_comes() -> None:
    assert known(HEAD).attended_by_nobody().slots(a_grid(), Rank.EXPERT) == frozenset()


def test_a_substitute_sits_only_where_the_rank_is_high_enough() -> None:
    away = Blocked(FIRST_MORNING, "head")
    availability = known(HEAD, SUBSTITUTE).block([away])
    grid = a_grid()
    assert availability.slots(grid, Rank.DEPUTY_HEAD_OF_POLICE) == frozenset(range(16))
    assert availability.slots(grid, Rank.HEAD_OF_POLICE) == frozenset(range(4, 16))
    assert availability.slots(grid, Rank.MINISTER) == frozenset()


def test_a_member_of_the_staff_represents_nobody_whatever_the_rank() -> None:
    assert known(HEAD, STAFF).slots(a_grid(), Rank.MINISTER) == frozenset()


def test_who_was_refused_entry_represents_nobody() -> None:
    refused = NOBODY_KNOWN.attended_by(members(HEAD, accreditation="refused"))
    assert refused.representatives == ()


def test_the_head_is_named_first() -> None:
    sitting = known(("sub", Function.ALTERNATE, Rank.MINISTER), HEAD).representatives
    assert [one.member_id for one in sitting or ()] == ["head", "sub"]


def test_one_person_sits_through_the_whole_of_a_long_meeting() -> None:
    early = Interval(start_at=in_new_york(FIRST_DAY, 10), end_at=in_new_york(FIRST_DAY, 10, 25))
    late = Interval(start_at=in_new_york(FIRST_DAY, 10, 25), end_at=in_new_york(FIRST_DAY, 12))
    both = known(HEAD, SUBSTITUTE).block([Blocked(early, "head"), Blocked(late, "sub")])
    grid = a_grid()
    assert 0 in both.slots(grid, Rank.EXPERT)
    assert 0 not in both.slots(grid, Rank.EXPERT, length=2), "each could do half of it, neither all"


def test_days_of_attendance_count_to_the_last() -> None:
    one_day = NOBODY_KNOWN.attended_by(members(HEAD, arrives_on=LAST_DAY, leaves_on=LAST_DAY))
    assert one_day.slots(a_grid(), Rank.EXPERT) == frozenset(range(8, 16))


def test_a_stretch_of_the_whole_delegation_blocks_everybody() -> None:
    availability = known(HEAD, SUBSTITUTE).block([Blocked(FIRST_MORNING)])
    assert availability.slots(a_grid(), Rank.EXPERT) == frozenset(range(4, 16))


def test_a_principal_of_whom_only_blocked_time_is_known_is_met_at_all_other_times() -> None:
    assert NOBODY_KNOWN.block([Blocked(FIRST_MORNING)]).slots(a_grid(), Rank.MINISTER) == frozenset(
        range(4, 16)
    )


def test_an_obligation_is_no_time_for_bilaterals() -> None:
    grid = a_grid(obligations=(Obligation(title="Plenary", interval=FIRST_MORNING),))
    assert known(HEAD).slots(grid, Rank.EXPERT) == frozenset(range(4, 16))


def test_a_stretch_that_ends_when_a_slot_begins_does_not_block_it() -> None:
    until_ten = Interval(start_at=FIRST_MORNING.start_at - timedelta(hours=1), end_at=FIRST_MORNING.start_at)
    assert known(HEAD).block([Blocked(until_ten)]).slots(a_grid(), Rank.EXPERT) == frozenset(range(16))


def test_blocked_time_of_somebody_who_left_is_forgotten() -> None:
    availability = known(HEAD, SUBSTITUTE).block(
        [Blocked(FIRST_MORNING, "sub"), Blocked(FIRST_MORNING, "head")]
    )
    after = availability.attended_by(members(HEAD))
    assert after.blocked == (Blocked(FIRST_MORNING, "head"),)


def test_what_changes_nothing_is_no_new_revision() -> None:
    availability = known(HEAD).block([Blocked(FIRST_MORNING)])
    assert availability.block([Blocked(FIRST_MORNING), Blocked(FIRST_MORNING)]) is availability
    assert availability.attended_by(members(HEAD)) is availability


def test_a_statement_on_an_old_revision_is_refused() -> None:
    availability = known(HEAD)
    with pytest.raises(AvailabilityChanged):
        availability.block([], expected=availability.revision - 1)


def test_a_stretch_of_a_stranger_is_refused() -> None:
    with pytest.raises(MemberUnknown):
        known(HEAD).block([Blocked(FIRST_MORNING, "staff")])


def test_too_many_stretches_are_refused() -> None:
    minute = timedelta(minutes=1)
    stretches = [
        Blocked(Interval(start_at=FIRST_MORNING.start_at + at * minute, end_at=FIRST_MORNING.end_at))
        for at in range(MAX_STRETCHES + 1)
    ]
    assert len(known(HEAD).block(stretches[1:]).blocked) == MAX_STRETCHES
    with pytest.raises(TooManyStretches):
        known(HEAD).block(stretches)
