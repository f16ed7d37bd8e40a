"""A bilateral is answered by those who are awaited, in turn, and placed only when all have agreed."""

from datetime import timedelta

import pytest

from summit_contracts.errors import Refusal
from summit_contracts.scheduling import (
    BilateralAccepted,
    BilateralCancelled,
    BilateralCountered,
    BilateralDeclined,
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
    DeclineReason,
    MoveReason,
    Placement,
    UnplacedReason,
)
from summit_scheduling.domain.bilateral import Bilateral, Change
from summit_scheduling.domain.errors.bilaterals import (
    AlreadyAgreed,
    BilateralChanged,
    BilateralEnded,
    NotAgreed,
    NotAParty,
    NotAwaited,
    NothingProposed,
    StillAwaited,
    TooManyRounds,
)
from summit_scheduling.domain.errors.terms import TooLong
from summit_scheduling.domain.progress import MAX_ROUNDS, Status
from summit_testkit.builders.scheduling import (
    BEFORE,
    FIRST_DAY,
    LAST_DAY,
    a_bilateral,
    a_grid,
    an_agreed_bilateral,
    in_new_york,
    terms,
)

GRID = a_grid()
LONGER = terms(minutes=40)
MORNING = Placement(
    start_at=in_new_york(FIRST_DAY, 10),
    end_at=in_new_york(FIRST_DAY, 10, 20),
    on=FIRST_DAY,
    room="A",
    room_name="Room A",
)
LATER = MORNING.model_copy(
    update={"start_at": in_new_york(LAST_DAY, 10), "end_at": in_new_york(LAST_DAY, 10, 20), "on": LAST_DAY}
)


def countered(bilateral: Bilateral, by: str, minutes: int = 40) -> Change:
    return bilateral.counter(by, terms(minutes=minutes), grid=GRID, now=BEFORE)


def test_a_request_waits_for_every_counterpart_and_holds_nothing() -> None:
    request = a_bilateral("b1", "KE", "RW", "FR")
    assert (request.status, request.awaiting, request.placement) == (Status.REQUESTED, ("RW", "FR"), None)
    assert request.terms.minutes == 20, "one slot, unless somebody proposes more"


def test_what_a_wish_needs_is_in_the_terms_and_stays_there_when_others_are_proposed() -> None:
    request = a_bilateral(needs=("screen", "flags"))
    assert request.terms.needs == ("flags", "screen")
    longer = request.counter("RW", request.terms.model_copy(update={"minutes": 40}), grid=GRID, now=BEFORE)
    assert longer.after.terms.needs == ("flags", "screen")


def test_two_parties_agree_with_one_yes() -> None:
    after, facts = a_bilateral().accept("RW", now=BEFORE)
    assert after.status is Status.AGREED
    (fact,) = facts
    assert isinstance(fact, BilateralAccepted)
    assert (fact.by, fact.awaiting, fact.requester, fact.counterparts) == ("RW", (), "KE", ("RW",))


def test_three_parties_agree_when_the_last_has_said_yes() -> None:
    request = a_bilateral("b1", "KE", "RW", "FR")
    half, facts = request.accept("FR", now=BEFORE)
    assert (half.status, half.awaiting) == (Status.REQUESTED, ("RW",))
    assert isinstance(facts[0], BilateralAccepted)
    assert facts[0].awaiting == ("RW",)
    assert half.accept("RW", now=BEFORE).after.status is Status.AGREED


def test_one_no_ends_it_for_all() -> None:
    half = a_bilateral("b1", "KE", "RW", "FR").accept("FR", now=BEFORE).after
    after, facts = half.decline("RW", DeclineReason.NO_TIME, note="We leave early.", now=BEFORE)
    assert after.status is Status.DECLINED
    assert isinstance(facts[0], BilateralDeclined)
    assert (facts[0].by, facts[0].reason, facts[0].note) == ("RW", "no_time", "We leave early.")


def test_a_counter_proposal_turns_the_table() -> None:
    after, facts = countered(a_bilateral(), "RW")
    assert (after.status, after.awaiting, after.terms) == (Status.COUNTERED, ("KE",), LONGER)
    assert isinstance(facts[0], BilateralCountered)
    assert (facts[0].round, facts[0].awaiting, facts[0].terms) == (1, ("KE",), LONGER)
    again = countered(after, "KE", minutes=30).after
    assert again.awaiting == ("RW",)
    assert again.accept("RW", now=BEFORE).after.terms.minutes == 30


def test_a_counter_proposal_makes_every_earlier_yes_void() -> None:
    half = a_bilateral("b1", "KE", "RW", "FR").accept("FR", now=BEFORE).after
    assert countered(half, "RW").after.awaiting == ("KE", "FR")


def test_the_thread_keeps_every_proposal() -> None:
    bilateral = a_bilateral()
    after = bilateral.counter(
        "RW", LONGER, grid=GRID, note="Rather longer.", now=BEFORE + timedelta(hours=1)
    ).after
    assert [(one.by, one.terms.minutes, one.note) for one in after.thread] == [
        ("KE", 20, None),
        ("RW", 40, "Rather longer."),
    ]


@pytest.mark.parametrize("act", ["accept", "decline", "counter"])
def test_who_asked_does_not_answer(act: str) -> None:
    request = a_bilateral()
    with pytest.raises(NotAwaited):
        _answer(request, act, "KE")


@pytest.mark.parametrize("act", ["accept", "decline", "counter", "cancel"])
def test_a_stranger_has_no_say(act: str) -> None:
    with pytest.raises(NotAParty):
        _answer(a_bilateral(), act, "FR")


@pytest.mark.parametrize("act", ["accept", "decline", "counter"])
def test_what_is_agreed_needs_no_answer(act: str) -> None:
    with pytest.raises(AlreadyAgreed):
        _answer(an_agreed_bilateral(), act, "RW")


@pytest.mark.parametrize("act", ["accept", "decline", "counter", "cancel"])
def test_what_has_ended_stays_so(act: str) -> None:
    declined = a_bilateral().decline("RW", DeclineReason.NO_TIME, now=BEFORE).after
    with pytest.raises(BilateralEnded):
        _answer(declined, act, "RW")


def test_a_counter_proposal_proposes_something() -> None:
    with pytest.raises(NothingProposed):
        a_bilateral().counter("RW", terms(days=(LAST_DAY, FIRST_DAY)), grid=GRID, now=BEFORE)


def test_a_counter_proposal_that_nothing_could_meet_is_refused() -> None:
    with pytest.raises(TooLong):
        countered(a_bilateral(), "RW", minutes=300)


def test_countering_comes_to_an_end() -> None:
    bilateral = a_bilateral()
    for number in range(MAX_ROUNDS):
        bilateral = countered(bilateral, bilateral.awaiting[0], minutes=30 + 5 * (number % 2)).after
    with pytest.raises(TooManyRounds):
        countered(bilateral, bilateral.awaiting[0], minutes=45)
    assert bilateral.accept(bilateral.awaiting[0], now=BEFORE).after.status is Status.AGREED


def test_who_has_not_answered_declines_and_does_not_cancel() -> None:
    with pytest.raises(StillAwaited):
        a_bilateral().cancel("RW", now=BEFORE)


def test_either_party_can_give_up_what_was_agreed() -> None:
    after, facts = an_agreed_bilateral().cancel("RW", note="Recalled.", now=BEFORE)
    assert after.status is Status.CANCELLED
    assert isinstance(facts[0], BilateralCancelled)
    assert (facts[0].by, facts[0].reason, facts[0].was) == ("RW", "party_withdrew", None)


def test_a_cancelled_meeting_says_which_place_it_had() -> None:
    scheduled = an_agreed_bilateral().place(1, MORNING, MoveReason.BETTER_PLAN).after
    after, facts = scheduled.cancel_by_secretariat(now=BEFORE)
    assert after.placement is None
    assert isinstance(facts[0], BilateralCancelled)
    assert (facts[0].by, facts[0].reason, facts[0].was) == (None, "secretariat", MORNING)


def test_a_delegation_that_withdraws_takes_its_bilaterals_along_once() -> None:
    after, facts = a_bilateral().lose("RW", now=BEFORE)
    assert isinstance(facts[0], BilateralCancelled)
    assert facts[0].reason == "delegation_withdrew"
    assert after.lose("KE", now=BEFORE) == Change(after)
    with pytest.raises(NotAParty):
        after.lose("FR", now=BEFORE)


def test_an_answer_to_an_old_revision_is_refused() -> None:
    bilateral = a_bilateral()
    bilateral.check_revision(None)
    bilateral.check_revision(bilateral.revision)
    with pytest.raises(BilateralChanged):
        countered(bilateral, "RW").after.check_revision(bilateral.revision)


def test_only_what_is_agreed_gets_a_place() -> None:
    for bilateral in (a_bilateral(), a_bilateral().decline("RW", DeclineReason.NO_TIME, now=BEFORE).after):
        with pytest.raises(NotAgreed):
            bilateral.place(1, MORNING, MoveReason.BETTER_PLAN)
        with pytest.raises(NotAgreed):
            bilateral.unplace(1, UnplacedReason.NO_PLACE_LEFT)


def test_a_first_place_is_scheduled_and_another_one_is_moved() -> None:
    scheduled, facts = an_agreed_bilateral().place(1, MORNING, MoveReason.PARTY_UNAVAILABLE)
    assert isinstance(facts[0], BilateralScheduled)
    assert (facts[0].timetable, facts[0].placement) == (1, MORNING)
    moved, facts = scheduled.place(2, LATER, MoveReason.PARTY_UNAVAILABLE)
    assert isinstance(facts[0], BilateralMoved)
    assert (facts[0].moved_from, facts[0].moved_to, facts[0].why) == (MORNING, LATER, "party_unavailable")
    assert moved.place(3, LATER, MoveReason.BETTER_PLAN) == Change(moved), "nothing happened to it"


def test_a_lost_place_is_said_once_for_each_reason() -> None:
    scheduled = an_agreed_bilateral().place(1, MORNING, MoveReason.BETTER_PLAN).after
    unplaced, facts = scheduled.unplace(2, UnplacedReason.NO_PLACE_LEFT)
    assert isinstance(facts[0], BilateralUnplaced)
    assert (facts[0].was, facts[0].why) == (MORNING, "no_place_left")
    assert unplaced.unplace(3, UnplacedReason.NO_PLACE_LEFT) == Change(unplaced)
    assert unplaced.unplace(3, UnplacedReason.NO_COMMON_TIME).facts
    placed, facts = unplaced.place(4, MORNING, MoveReason.BETTER_PLAN)
    assert isinstance(facts[0], BilateralScheduled)
    assert placed.unplaced_why is None


def test_every_change_is_one_revision_and_one_fact() -> None:
    before = a_bilateral()
    for after, facts in (
        before.accept("RW", now=BEFORE),
        before.decline("RW", DeclineReason.NOT_STATED, now=BEFORE),
        countered(before, "RW"),
        before.cancel("KE", now=BEFORE),
    ):
        assert (after.revision, len(facts)) == (before.revision + 1, 1)


def _answer(bilateral: Bilateral, act: str, by: str) -> Change:
    if act == "accept":
        return bilateral.accept(by, now=BEFORE)
    if act == "decline":
        return bilateral.decline(by, DeclineReason.NO_TIME, now=BEFORE)
    if act == "counter":
        return countered(bilateral, by)
    return bilateral.cancel(by, now=BEFORE)


def test_every_refusal_says_what_to_do_instead() -> None:
    with pytest.raises(Refusal) as refused:
        a_bilateral().accept("KE", now=BEFORE)
    assert refused.value.remedy
    assert refused.value.details == {"awaiting": ["RW"]}
