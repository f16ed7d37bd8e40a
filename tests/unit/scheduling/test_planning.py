"""What people state is folded into starts; what a plan leaves out or moves gets a reason."""

from itertools import permutations

import pytest
from hypothesis import given

from summit_contracts.editions import Obligation, Room
from summit_contracts.scheduling import DeclineReason, MoveReason, UnplacedReason
from summit_contracts.values import Function, Interval, Rank
from summit_scheduling.domain.availability import Availability, Blocked
from summit_scheduling.domain.planning import (
    WEIGHTS,
    at_most,
    placement_of,
    problem_for,
    why_moved,
    why_unplaced,
)
from summit_scheduling.domain.problem import OpenRoom, Problem
from summit_testkit.builders.scheduling import (
    BEFORE,
    EDITION_ID,
    FIRST_DAY,
    LAST_DAY,
    a_bilateral,
    a_grid,
    an_agreed_bilateral,
    in_new_york,
    members,
    terms,
)
from summit_testkit.problems import meeting, problem, problems

GRID = a_grid()
FIRST, LAST = tuple(range(8)), tuple(range(8, 16))
FIRST_MORNING = Interval(start_at=in_new_york(FIRST_DAY, 10), end_at=in_new_york(FIRST_DAY, 12))


def availability(code: str, *blocked: Interval, rank: Rank = Rank.HEAD_OF_POLICE) -> Availability:
    known = Availability(edition_id=EDITION_ID, code=code).attended_by(members(("head", Function.HEAD, rank)))
    return known.block(Blocked(one) for one in blocked)


def test_only_what_is_agreed_is_to_be_placed() -> None:
    declined = a_bilateral("no").decline("RW", DeclineReason.NO_TIME, now=BEFORE).after
    given_problem = problem_for(GRID, [a_bilateral("open"), an_agreed_bilateral("yes"), declined], {})
    assert [one.key for one in given_problem.meetings] == ["yes"]


def test_a_bilateral_becomes_a_meeting_with_its_weight_seats_and_starts() -> None:
    (one,) = problem_for(GRID, [an_agreed_bilateral(priority=1, size=7, days=(LAST_DAY,))], {}).meetings
    assert (one.parties, one.weight, one.seats, one.length, one.starts) == (
        ("KE", "RW"),
        WEIGHTS[1],
        7,
        1,
        LAST,
    )


def test_the_blocked_time_of_every_party_counts() -> None:
    late = Interval(start_at=in_new_york(FIRST_DAY, 13), end_at=in_new_york(FIRST_DAY, 15))
    known = {"KE": availability("KE", FIRST_MORNING), "RW": availability("RW", late)}
    (one,) = problem_for(GRID, [an_agreed_bilateral()], known).meetings
    assert one.starts == LAST


def test_the_level_agreed_decides_who_is_enough() -> None:
    known = {"RW": availability("RW", rank=Rank.SENIOR_OFFICER)}
    (high, low) = problem_for(
        GRID, [an_agreed_bilateral("a"), an_agreed_bilateral("b", level=Rank.EXPERT)], known
    ).meetings
    assert (high.starts, low.starts) == ((), FIRST + LAST)


def test_an_obligation_of_one_party_is_no_time_for_the_meeting() -> None:
    grid = a_grid(obligations=(Obligation(title="Side event", interval=FIRST_MORNING, invitees=("RW",)),))
    (one,) = problem_for(grid, [an_agreed_bilateral(days=(FIRST_DAY,))], {}).meetings
    assert one.starts == FIRST[4:]


def test_a_long_meeting_begins_only_where_it_can_end() -> None:
    agreed = (
        a_bilateral()
        .counter("RW", terms(minutes=80), grid=GRID, now=BEFORE)
        .after.accept("KE", now=BEFORE)
        .after
    )
    (one,) = problem_for(GRID, [agreed], {"KE": availability("KE", FIRST_MORNING)}).meetings
    assert (one.length, one.starts) == (3, (4, 5, 8, 9, 12, 13))


def test_agreed_starts_are_the_only_ones() -> None:
    eleven = in_new_york(LAST_DAY, 11)
    agreed = (
        a_bilateral()
        .counter("RW", terms(starts_at=(eleven,)), grid=GRID, now=BEFORE)
        .after.accept("KE", now=BEFORE)
    )
    (one,) = problem_for(GRID, [agreed.after], {}).meetings
    assert [GRID.slots[start].start_at for start in one.starts] == [eleven]


def test_a_placement_lasts_as_long_as_the_meeting_and_not_as_its_slots() -> None:
    placement = placement_of(GRID, 0, "A", 30)
    assert (placement.start_at, placement.end_at) == (
        in_new_york(FIRST_DAY, 10),
        in_new_york(FIRST_DAY, 10, 30),
    )
    assert (placement.on, placement.room, placement.room_name) == (FIRST_DAY, "A", "Room A")


def test_each_unplaced_meeting_gets_the_nearest_reason() -> None:
    given_problem = problem(
        2,
        [OpenRoom("A", 4, frozenset({0}))],
        [
            meeting("no time", starts=()),
            meeting("too large", seats=5, starts=(0, 1)),
            meeting("closed", starts=(1,)),
            meeting("outweighed", starts=(0, 1)),
        ],
    )
    assert {one.key: why_unplaced(given_problem, one.key) for one in given_problem.meetings} == {
        "no time": UnplacedReason.NO_COMMON_TIME,
        "too large": UnplacedReason.NO_ROOM_LARGE_ENOUGH,
        "closed": UnplacedReason.NO_ROOM_LARGE_ENOUGH,
        "outweighed": UnplacedReason.NO_PLACE_LEFT,
    }


@pytest.mark.parametrize(
    ("rooms", "blocked", "why"),
    [
        (("A",), (), MoveReason.BETTER_PLAN),
        (("A",), (FIRST_MORNING,), MoveReason.PARTY_UNAVAILABLE),
        (("B",), (), MoveReason.ROOM_UNAVAILABLE),
    ],
)
def test_each_move_gets_its_reason(
    rooms: tuple[str, ...], blocked: tuple[Interval, ...], why: MoveReason
) -> None:
    was = placement_of(GRID, 0, "A", 20)
    grid = a_grid(
        rooms=tuple(Room(code=code, name=code, seats=8, days=(FIRST_DAY, LAST_DAY)) for code in rooms)
    )
    given_problem = problem_for(grid, [an_agreed_bilateral()], {"KE": availability("KE", *blocked)})
    assert why_moved(given_problem, grid, "b1", was) is why


def test_a_slot_that_is_gone_is_a_room_that_is_not_to_be_had() -> None:
    was = placement_of(GRID, 0, "A", 20)
    shifted = was.model_copy(update={"start_at": in_new_york(FIRST_DAY, 10, 5)})
    given_problem = problem_for(GRID, [an_agreed_bilateral()], {})
    assert why_moved(given_problem, GRID, "b1", shifted) is MoveReason.ROOM_UNAVAILABLE


@given(problems(most_meetings=3, most_slots=3, most_rooms=2))
def test_no_plan_places_more_than_counting_allows(given_problem: Problem) -> None:
    assert _most_that_fit(given_problem) <= at_most(given_problem)


def test_counting_sees_slots_rooms_and_parties() -> None:
    one_room, two_rooms = (
        [OpenRoom("A", 4, frozenset({0, 1}))],
        [OpenRoom(c, 4, frozenset({0, 1})) for c in "AB"],
    )
    pairs = [("KE", "RW"), ("FR", "IN"), ("KE", "FR"), ("RW", "IN"), ("KE", "IN")]
    crowd = [meeting(f"m{n}", *pair, starts=(0, 1)) for n, pair in enumerate(pairs)]
    assert at_most(problem(2, one_room, crowd)) == 2, "one room, two slots"
    assert at_most(problem(2, two_rooms, crowd)) == 4, "two rooms, two slots"
    assert at_most(problem(2, two_rooms, crowd[:1])) == 1
    assert (
        at_most(problem(2, [*two_rooms, *(OpenRoom(c, 4, frozenset({0, 1})) for c in "CDE")], crowd)) == 4
    ), "parties"


def _most_that_fit(given_problem: Problem) -> int:
    """How many meetings the best order of placing them greedily gets in: a lower bound on what is possible."""
    best = 0
    for order in permutations(given_problem.meetings):
        taken: set[tuple[str, int]] = set()
        placed = 0
        for one in order:
            for start in one.starts:
                run = one.run(start)
                busy = {(party, slot) for party in one.parties for slot in run}
                room = next(
                    (
                        room.code
                        for room in given_problem.rooms
                        if room.takes(one, start)
                        and not taken & {("room " + room.code, slot) for slot in run}
                    ),
                    None,
                )
                if room and not busy & taken:
                    taken |= busy | {("room " + room, slot) for slot in run}
                    placed += 1
                    break
        best = max(best, placed)
    return best
