"""An edition's days become slots: in its own zone, around its pauses, never past its closing time."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summit_contracts.editions import Day, DayPurpose, Obligation, Pause, Slots
from summit_contracts.values import Interval
from summit_testkit.builders.scheduling import (
    FIRST_DAY,
    LAST_DAY,
    PLENARY_DAY,
    a_grid,
    in_new_york,
)


def test_a_day_is_cut_around_its_pause() -> None:
    grid = a_grid()
    first = [slot.start_at for slot in grid.slots if slot.on == FIRST_DAY]
    assert first == [
        in_new_york(FIRST_DAY, hour, minute)
        for hour, minute in ((10, 0), (10, 30), (11, 0), (11, 30), (13, 0), (13, 30), (14, 0), (14, 30))
    ]


def test_only_days_for_bilaterals_have_slots() -> None:
    assert a_grid().days == (FIRST_DAY, LAST_DAY)
    assert PLENARY_DAY not in {slot.on for slot in a_grid().slots}


def test_slots_are_numbered_in_order_of_time() -> None:
    slots = a_grid().slots
    assert [slot.number for slot in slots] == list(range(16))
    assert sorted(slots, key=lambda slot: slot.start_at) == list(slots)


def test_a_slot_that_would_end_after_the_day_closes_does_not_exist() -> None:
    late = Day(on=FIRST_DAY, purposes=(DayPurpose.BILATERALS,), opens=time(10), closes=time(10, 49))
    assert len(a_grid(days=(late,)).slots) == 1
    on_time = late.model_copy(update={"closes": time(10, 50)})
    assert len(a_grid(days=(on_time,)).slots) == 2


def test_the_clock_change_takes_no_minute_from_a_slot() -> None:
    sunday = date(2022, 11, 6)  # New York falls back from 2:00 to 1:00
    night = Day(on=sunday, purposes=(DayPurpose.BILATERALS,), opens=time(0), closes=time(4))
    grid = a_grid(days=(night,))
    assert grid.slots[0].start_at == datetime(2022, 11, 6, 4, tzinfo=UTC)
    assert len(grid.slots) == 10, "five real hours lie between midnight and four"
    assert {slot.end_at - slot.start_at for slot in grid.slots} == {timedelta(minutes=20)}


@pytest.mark.parametrize(("minutes", "slots"), [(5, 1), (20, 1), (21, 2), (50, 2), (51, 3), (80, 3)])
def test_a_longer_meeting_takes_the_gaps_between_its_slots_too(minutes: int, slots: int) -> None:
    assert a_grid().slots_for(timedelta(minutes=minutes)) == slots


def test_a_run_ends_where_the_session_ends() -> None:
    grid = a_grid()
    assert [slot.number for slot in grid.run(0, 4)] == [0, 1, 2, 3]
    assert grid.run(1, 4) == (), "lunch lies between"
    assert grid.run(6, 3) == (), "the day ends"
    assert grid.run(15, 2) == (), "the summit ends"
    assert grid.run(-1, 1) == ()


def test_a_room_is_open_on_its_days_only() -> None:
    grid = a_grid()
    small, large = grid.rooms
    assert grid.open_slots(small) == frozenset(range(16))
    assert grid.open_slots(large) == frozenset(range(8, 16))


def test_an_obligation_binds_whom_it_names_and_everybody_where_it_names_nobody() -> None:
    morning = Interval(start_at=in_new_york(FIRST_DAY, 10), end_at=in_new_york(FIRST_DAY, 11))
    side_event = Obligation(title="Side event", interval=morning, invitees=("KE",))
    plenary = Obligation(title="Plenary", interval=morning)
    assert a_grid(obligations=(side_event,)).bound("KE") == {0, 1}
    assert a_grid(obligations=(side_event,)).bound("RW") == frozenset()
    assert a_grid(obligations=(plenary,)).bound("RW") == {0, 1}, "not what begins as it ends"
    assert a_grid(obligations=(plenary,)).bound("RW", 2) == {0, 1}
    later = plenary.model_copy(
        update={"interval": Interval(start_at=morning.end_at, end_at=in_new_york(FIRST_DAY, 12))}
    )
    assert a_grid(obligations=(later,)).bound("RW", 2) == {1, 2}, "a long meeting would last into it"


@given(
    minutes=st.integers(5, 120),
    gap=st.integers(0, 60),
    opens=st.times(time(6), time(12)).map(lambda at: at.replace(second=0, microsecond=0)),
    pauses=st.lists(
        st.tuples(st.integers(6, 20), st.integers(5, 180)).map(
            lambda one: Pause(
                start=time(one[0]),
                end=(datetime(2022, 1, 1, one[0], tzinfo=UTC) + timedelta(minutes=one[1])).time(),
            )
        ),
        max_size=3,
    ),
)
def test_no_slot_touches_a_pause_or_its_neighbour(
    minutes: int, gap: int, opens: time, pauses: list[Pause]
) -> None:
    day = Day(
        on=FIRST_DAY,
        purposes=(DayPurpose.BILATERALS,),
        opens=opens,
        closes=time(22),
        pauses=tuple(pauses),
    )
    grid = a_grid(days=(day,), slots=Slots(minutes=minutes, gap_minutes=gap))
    for before, after in zip(grid.slots, grid.slots[1:], strict=False):
        assert after.start_at - before.end_at >= timedelta(minutes=gap)
    for slot in grid.slots:
        assert slot.end_at - slot.start_at == timedelta(minutes=minutes)
        assert slot.end_at <= in_new_york(FIRST_DAY, 22 - 4) + timedelta(hours=4)
        for pause in pauses:
            begins = in_new_york(FIRST_DAY, 0) + timedelta(hours=pause.start.hour)
            ends = in_new_york(FIRST_DAY, 0) + timedelta(hours=pause.end.hour, minutes=pause.end.minute)
            assert slot.end_at <= begins or slot.start_at >= ends
