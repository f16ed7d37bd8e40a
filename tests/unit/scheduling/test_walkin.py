"""Whoever walks up to the desk together is offered places as if all had agreed, and meets there once the desk says so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from summit_contracts.editions import Cap, EditionInvitee, Resource, Room
from summit_contracts.errors import Refusal
from summit_contracts.scheduling import (
    BilateralArranged,
    BilateralScheduled,
    Placement,
    TimetablePublished,
)
from summit_contracts.values import Interval, InviteeKind, Language, Rank
from summit_scheduling.domain.availability import Availability, Blocked, Representative
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.errors.terms import DayNotForBilaterals, SizeUnfit, TooLong
from summit_scheduling.domain.errors.timetables import PlaceTaken
from summit_scheduling.domain.errors.walkins import (
    BilateralExists,
    EquipmentUnknown,
    PartyTwice,
    PartyUnknown,
    PartyWithdrawn,
)
from summit_scheduling.domain.progress import Status
from summit_scheduling.domain.rulings import Pin, Rulings
from summit_scheduling.domain.walkin import WalkIn, arrange
from summit_scheduling.handlers.arrange_bilateral import ArrangeBilateral, arrange_bilateral
from summit_scheduling.handlers.free_places import free_places, free_places_between
from summit_testkit.builders.scheduling import (
    BEFORE,
    EDITION_ID,
    FIRST_DAY,
    LAST_DAY,
    PLENARY_DAY,
    a_bilateral,
    a_grid,
    an_agreed_bilateral,
    an_edition,
    in_new_york,
)
from summit_testkit.builders.scheduling_kept import a_timetable, at, placed
from summit_testkit.memory.scheduling import InMemoryScheduling, InMemoryUnit

TWO = WalkIn(parties=("KE", "RW"))
WITHDRAWN = Availability(edition_id=EDITION_ID, code="RW").attended_by_nobody()


def arranged(walk_in: WalkIn = TWO, **edition: Any) -> Bilateral:
    return arrange(
        walk_in,
        bilateral_id="w1",
        topic="Training",
        language=Language.FRENCH,
        priority=1,
        grid=a_grid(**edition),
        now=BEFORE,
    ).after


def test_what_is_arranged_is_agreed_by_all_and_for_as_little_as_can_be() -> None:
    bilateral = arranged(WalkIn(parties=("KE", "RW", "FR")))
    assert (bilateral.status, bilateral.awaiting, bilateral.placement) == (Status.AGREED, (), None)
    assert (bilateral.requester, bilateral.counterparts) == ("KE", ("RW", "FR"))
    assert (bilateral.accepted_by, bilateral.thread[0].by) == (frozenset({"RW", "FR"}), "KE")
    terms = bilateral.terms
    assert (terms.minutes, terms.level, terms.size) == (20, Rank.EXPERT, 6)
    assert (terms.days, terms.starts_at, terms.needs) == ((FIRST_DAY, LAST_DAY), (), ())


def test_where_nobody_says_how_many_come_it_is_no_more_than_the_largest_room_seats() -> None:
    small = Room(code="A", name="Room A", seats=3, days=(FIRST_DAY,))
    assert arranged(rooms=(small,)).terms.size == 3
    assert arranged(rooms=()).terms.size == 4
    with pytest.raises(SizeUnfit):
        arranged(WalkIn(parties=("KE", "RW", "FR", "NO")), rooms=(small,))


def test_the_fact_says_that_nobody_had_asked() -> None:
    (fact,) = arrange(
        WalkIn(parties=("KE", "RW"), minutes=30, days=(LAST_DAY,)),
        bilateral_id="w1",
        topic="Training",
        language=Language.FRENCH,
        priority=3,
        grid=a_grid(),
        now=BEFORE,
    ).facts
    assert isinstance(fact, BilateralArranged)
    assert (fact.requester, fact.counterparts, fact.arranged_at) == ("KE", ("RW",), BEFORE)
    assert (fact.priority, fact.language, fact.terms.minutes) == (3, Language.FRENCH, 30)


UNFIT: dict[str, tuple[WalkIn, type[Refusal], str]] = {
    "equipment that no room has": (
        WalkIn(parties=("KE", "RW"), needs=("screen", "piano")), EquipmentUnknown, "needs[1]",
    ),
    "a day that is for something else": (WalkIn(parties=("KE", "RW"), days=(PLENARY_DAY,)), DayNotForBilaterals, "terms.days"),
    "longer than any stretch": (WalkIn(parties=("KE", "RW"), minutes=480), TooLong, "terms.minutes"),
    "more people than any room seats": (WalkIn(parties=("KE", "RW"), size=60), SizeUnfit, "terms.size"),
}  # fmt: skip


@pytest.mark.parametrize(("walk_in", "refusal", "field"), UNFIT.values(), ids=UNFIT)
def test_what_no_place_could_meet_is_refused(walk_in: WalkIn, refusal: type[Refusal], field: str) -> None:
    room = Room(code="A", name="Room A", seats=8, days=(FIRST_DAY,), equipment=("screen",))
    with pytest.raises(refusal) as refused:
        arranged(walk_in, rooms=(room,))
    assert refused.value.field == field
    assert refused.value.remedy


@pytest.mark.parametrize("parties", [("KE",), ("KE", *(f"P{number}" for number in range(10)))])
def test_fewer_than_two_or_more_than_ten_are_no_meeting(parties: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError):
        WalkIn(parties=parties)


NOT_TO_MEET: dict[str, tuple[tuple[str, ...], type[Refusal]]] = {
    "the same twice": (("KE", "FR", "KE"), PartyTwice),
    "somebody who is not invited": (("KE", "XX"), PartyUnknown),
    "somebody who does not come": (("KE", "RW"), PartyWithdrawn),
}


@pytest.mark.parametrize(("parties", "refusal"), NOT_TO_MEET.values(), ids=NOT_TO_MEET)
def test_who_cannot_be_met_is_refused_by_name(parties: tuple[str, ...], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal) as refused:
        WalkIn(parties=parties).check(an_edition(), {"RW": WITHDRAWN}, (), now=BEFORE)
    assert refused.value.field == f"parties[{len(parties) - 1}]"
    assert refused.value.details["party"] == parties[-1]


def test_a_principal_can_be_met_though_it_registers_no_delegation() -> None:
    principal = EditionInvitee(code="UN-USG-DPO", kind=InviteeKind.PRINCIPAL, language=Language.ENGLISH)
    edition = an_edition(invitees=(*an_edition().invitees, principal))
    WalkIn(parties=("KE", "UN-USG-DPO")).check(edition, {}, (), now=BEFORE)


@pytest.mark.parametrize(
    ("other", "remedy"),
    [
        (a_bilateral("b1", "RW", "KE"), "Accept it for KE"),
        (an_agreed_bilateral("b1", "RW", "KE"), "places of that one"),
        (placed("b1", "RW", "KE", at(10)), "places of that one"),
    ],
    ids=["asked for", "agreed", "placed"],
)
def test_who_has_the_meeting_already_is_told_which_and_what_to_do(other: Bilateral, remedy: str) -> None:
    with pytest.raises(BilateralExists) as refused:
        TWO.check(an_edition(), {}, (other,), now=BEFORE)
    assert refused.value.details["bilateral_id"] == "b1"
    assert remedy in refused.value.remedy


def test_a_meeting_that_is_over_or_will_not_be_held_stands_in_nobodys_way() -> None:
    ended = an_agreed_bilateral("b1").cancel_by_secretariat(now=BEFORE).after
    over = placed("b2", "KE", "RW", at(10))
    TWO.check(an_edition(), {}, (ended, over), now=at(10).end_at)


@asynccontextmanager
async def desk(*bilaterals: Bilateral, **edition: Any) -> AsyncIterator[InMemoryUnit]:
    """A timetable with these meetings holds."""
    memory = InMemoryScheduling()
    async with memory.unit() as unit:
        await unit.editions.save(an_edition(**edition), 1)
        await unit.bilaterals.save(*bilaterals)
        places = {one.bilateral_id: one.placement for one in bilaterals if one.placement}
        await unit.timetables.add(replace(a_timetable(1), placements=places, unplaced={}))
    async with memory.unit() as unit:
        yield unit


async def offered(
    unit: InMemoryUnit, walk_in: WalkIn = TWO, *, now: datetime = BEFORE, limit: int = 100
) -> list[Placement]:
    found = await free_places_between(EDITION_ID, walk_in, unit=unit, now=now, limit=limit, remembered={})
    return list(found)


def starts(found: list[Placement]) -> list[datetime]:
    return [one.start_at for one in found]


async def test_who_has_agreed_to_nothing_is_offered_what_an_agreed_meeting_would_be() -> None:
    busy = placed("b1", "KE", "FR", at(10))
    async with desk(busy, an_agreed_bilateral("b2", "RW", "KE", level=Rank.EXPERT, size=4)) as unit:
        agreed = await free_places(EDITION_ID, "b2", unit=unit, now=BEFORE, limit=100, remembered={})
        await unit.bilaterals.save(
            an_agreed_bilateral("b2", "RW", "KE").cancel_by_secretariat(now=BEFORE).after
        )
        walking = await offered(unit)
    assert walking == list(agreed)
    assert at(10).start_at not in starts(walking)
    assert len(walking) == 15


async def test_nothing_is_offered_in_the_past_and_the_earliest_comes_first() -> None:
    async with desk() as unit:
        found = await offered(unit, now=in_new_york(LAST_DAY, 14, 1))
        assert starts(found) == [in_new_york(LAST_DAY, 14, 30)]
        assert starts(await offered(unit, limit=1)) == [in_new_york(FIRST_DAY, 10)]
        assert await offered(unit, now=in_new_york(LAST_DAY, 14, 31)) == []


async def test_vetoed_parties_are_offered_nothing_and_pins_of_others_keep_their_moment() -> None:
    async with desk(placed("b1", "KE", "FR", at(10))) as unit:
        pinned = Rulings(edition_id=EDITION_ID, pins=(Pin("b1", at(10).start_at),))
        await unit.rulings.save(pinned)
        assert at(10).start_at not in starts(await offered(unit))
        await unit.rulings.save(replace(pinned, vetoes=(("KE", "RW"),)))
        assert await offered(unit) == []


async def test_caps_count_the_meetings_a_party_has_and_those_of_who_has_none() -> None:
    for cap, days in (
        (Cap(invitee="KE", meetings=1), set()),
        (Cap(invitee="KE", meetings=2), {FIRST_DAY, LAST_DAY}),
        (Cap(invitee="KE", meetings_per_day=1), {LAST_DAY}),
        (Cap(invitee="RW", meetings=0), set()),
        (Cap(invitee="RW", meetings=1), {FIRST_DAY, LAST_DAY}),
    ):
        async with desk(placed("b1", "KE", "FR", at(10)), caps=(cap,)) as unit:
            assert {one.on for one in await offered(unit)} == days, cap


async def test_a_rank_a_blocked_stretch_and_equipment_leave_what_they_leave() -> None:
    room = Room(code="A", name="Room A", seats=8, days=(FIRST_DAY,), equipment=("booth",))
    other = Room(code="B", name="Room B", seats=8, days=(FIRST_DAY,))
    has_booth = replace(
        placed("b1", "FR", "NO", at(10, room="B")),
        thread=arranged(WalkIn(parties=("FR", "NO"), needs=("booth",)), rooms=(room,)).thread,
    )
    async with desk(
        replace(has_booth, placement=at(10)),
        rooms=(room, other),
        resources=(Resource(code="booth", name="Booth", count=1),),
    ) as unit:
        expert = Representative("m1", Rank.EXPERT, is_head=True)
        stretch = Interval(start_at=at(11).start_at, end_at=at(11).end_at)
        await unit.availabilities.save(
            Availability(
                edition_id=EDITION_ID, code="RW", representatives=(expert,), blocked=(Blocked(stretch),)
            )
        )
        found = await offered(unit)
        assert (found[0].start_at, found[0].room) == (at(10).start_at, "B")
        assert at(11).start_at not in starts(found)
        assert at(10).start_at not in starts(
            await offered(unit, WalkIn(parties=("KE", "RW"), needs=("booth",)))
        )
        assert await offered(unit, WalkIn(parties=("KE", "RW"), level=Rank.SENIOR_OFFICER)) == []


def command(**changed: Any) -> ArrangeBilateral:
    fields: dict[str, Any] = {
        "by": "desk",
        "edition_id": EDITION_ID,
        "bilateral_id": "w1",
        "parties": ("KE", "RW"),
        "topic": "Training",
        "start_at": at(10, 30).start_at,
        "room": "A",
    }
    return ArrangeBilateral(**{**fields, **changed})


async def test_what_is_arranged_has_its_place_and_nothing_else_moves() -> None:
    memory = InMemoryScheduling()
    async with memory.unit() as unit:
        await unit.editions.save(an_edition(), 1)
        await unit.bilaterals.save(placed("b1", "KE", "FR", at(10)))
        await unit.timetables.add(replace(a_timetable(1), placements={"b1": at(10)}, unplaced={}))
    async with memory.unit() as unit:
        bilateral = await arrange_bilateral(command(), unit=unit, now=BEFORE)
    assert (bilateral.status, bilateral.placement) == (Status.SCHEDULED, at(10, 30))
    assert (bilateral.language, bilateral.terms.days) == (Language.ENGLISH, (FIRST_DAY,))
    facts = await memory.published()
    assert [type(fact) for fact in facts] == [BilateralArranged, TimetablePublished, BilateralScheduled]
    published = facts[1]
    assert isinstance(published, TimetablePublished)
    assert (published.cause, published.number, published.told) == ("desk", 2, 1)
    assert (published.placed, published.newly_placed, published.moved) == (2, 1, 0)


@pytest.mark.parametrize(
    "changed",
    [
        {"start_at": at(10).start_at},
        {"start_at": at(10).start_at + timedelta(minutes=1)},
        {"room": "B"},
        {"room": "Z"},
        {"days": (LAST_DAY,)},
    ],
    ids=["a party is taken", "no slot begins then", "a closed room", "no such room", "a day not agreed to"],
)
async def test_where_it_cannot_be_held_nothing_is_kept(changed: Any) -> None:
    memory = InMemoryScheduling()
    async with memory.unit() as unit:
        await unit.editions.save(an_edition(), 1)
        await unit.bilaterals.save(placed("b1", "KE", "FR", at(10)))
        await unit.timetables.add(replace(a_timetable(1), placements={"b1": at(10)}, unplaced={}))
    with pytest.raises(PlaceTaken):
        async with memory.unit() as unit:
            await arrange_bilateral(command(**changed), unit=unit, now=BEFORE)
    async with memory.unit() as unit:
        assert await unit.bilaterals.get(EDITION_ID, "w1") is None
    assert await memory.published() == ()
