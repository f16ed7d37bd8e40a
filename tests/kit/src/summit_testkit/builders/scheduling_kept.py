"""Bilaterals, availabilities, timetables and solves of every kind, for whoever has to keep them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from summit_contracts.scheduling import DeclineReason, MoveReason, Placement, PlanStatus, UnplacedReason
from summit_contracts.values import Interval, Rank
from summit_scheduling.domain.availability import Availability, Blocked, Representative
from summit_scheduling.domain.bilateral import Bilateral
from summit_scheduling.domain.plan import Certificate, Plan
from summit_scheduling.domain.ports import Progress, Unit
from summit_scheduling.domain.problem import Assignment
from summit_scheduling.domain.solve import Solve
from summit_scheduling.domain.timetable import Timetable
from summit_testkit.builders.scheduling import (
    BEFORE,
    EDITION_ID,
    FIRST_DAY,
    LAST_DAY,
    a_bilateral,
    a_grid,
    an_agreed_bilateral,
    an_edition,
    in_new_york,
    terms,
)
from summit_testkit.places import Places

OTHER_ID = "other-2024"


def at(hour: int, minute: int = 0, *, room: str = "A", on: date = FIRST_DAY, minutes: int = 20) -> Placement:
    start_at = in_new_york(on, hour, minute)
    end_at = start_at + timedelta(minutes=minutes)
    return Placement(start_at=start_at, end_at=end_at, on=on, room=room, room_name=f"Room {room}")


def placed(bilateral_id: str, requester: str, counterpart: str, placement: Placement) -> Bilateral:
    agreed = an_agreed_bilateral(bilateral_id, requester, counterpart)
    return agreed.place(1, placement, MoveReason.BETTER_PLAN).after


def a_busy_bilateral() -> Bilateral:
    """Three parties, two counter-proposals, one acceptance so far."""
    grid = a_grid()
    asked = a_bilateral("b9", "KE", "RW", "FR", topic="Élite — 警察 — شرطة", priority=1)
    first = asked.counter(
        "RW", terms(minutes=50, days=(LAST_DAY,)), grid=grid, note="Only on the last day", now=BEFORE
    ).after
    on_time = terms(level=Rank.MINISTER, size=8, days=(LAST_DAY,), starts_at=(in_new_york(LAST_DAY, 10, 30),))
    return first.counter("FR", on_time, grid=grid, now=BEFORE).after.accept("KE", now=BEFORE).after


EVERY_KIND = {
    "waiting for its answer": a_bilateral(),
    "in the midst of a thread": a_busy_bilateral(),
    "agreed": an_agreed_bilateral(),
    "declined": a_bilateral().decline("RW", DeclineReason.NO_TIME, note="Later", now=BEFORE).after,
    "cancelled": an_agreed_bilateral().cancel_by_secretariat(now=BEFORE).after,
    "with a place": placed("b1", "KE", "RW", at(10)),
    "without a place": an_agreed_bilateral().unplace(3, UnplacedReason.NO_COMMON_TIME).after,
}


def a_busy_availability(code: str = "KE") -> Availability:
    return Availability(
        edition_id=EDITION_ID,
        code=code,
        representatives=(
            Representative("m1", Rank.MINISTER, True, FIRST_DAY, LAST_DAY),
            Representative("m2", Rank.HEAD_OF_POLICE, False),
        ),
        blocked=(
            Blocked(Interval(start_at=in_new_york(FIRST_DAY, 10), end_at=in_new_york(FIRST_DAY, 11))),
            Blocked(Interval(start_at=in_new_york(LAST_DAY, 10), end_at=in_new_york(LAST_DAY, 11)), "m2"),
        ),
        revision=4,
    )


CERTIFICATE = Certificate(
    input_hash="0" * 64,
    status=PlanStatus.FEASIBLE,
    objective=20,
    bound=24,
    solver="lp_then_highs",
    solver_version="9.14",
    seed=7,
    seconds=1.25,
)


def a_timetable(number: int, edition_id: str = EDITION_ID) -> Timetable:
    return Timetable(
        edition_id=edition_id,
        number=number,
        published_at=BEFORE + timedelta(microseconds=number),
        placements={"b1": at(10), "b2": at(10, room="B")},
        unplaced={"b3": UnplacedReason.NO_PLACE_LEFT},
        moved_because={"b2": MoveReason.ROOM_UNAVAILABLE},
        at_most=3,
        certificate=CERTIFICATE,
    )


def a_solve(name: str = "s1", after_minutes: int = 0, **changed: Any) -> Solve:
    fields: dict[str, Any] = {
        "solve_id": name,
        "edition_id": EDITION_ID,
        "seconds": 30,
        "seed": 2**31 - 1,
        "requested_by": "secretariat/one",
        "requested_at": BEFORE + timedelta(minutes=after_minutes),
    }
    return Solve(**(fields | changed))


PLAN = Plan((Assignment("b1", 0, "A"), Assignment("b2", 3, "B")), CERTIFICATE)
EVERY_SOLVE = {
    "waiting": a_solve(),
    "taken": a_solve().take(now=BEFORE + timedelta(microseconds=1)),
    "under way": replace(a_solve().take(now=BEFORE), progress=Progress("dive", 12, 16, 0.75)),
    "solved": a_solve().take(now=BEFORE).solved(PLAN, at_most=3, agreed=4),
    "solved, nothing to place": a_solve().take(now=BEFORE).solved(Plan((), CERTIFICATE), at_most=0, agreed=0),
    "failed": a_solve().take(now=BEFORE).failed("the solver's process ended with -9"),
    "published": a_solve().take(now=BEFORE).solved(PLAN, at_most=3, agreed=4).published(12),
}


async def given(places: Places[Unit], *bilaterals: Bilateral) -> None:
    async with places.unit() as unit:
        await unit.editions.save(an_edition(), 1)
        await unit.bilaterals.save(*bilaterals)
