from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from summit_cli import clock as clocks
from summit_cli.clock import Clock
from summit_cli.editions import read
from summit_cli.state import State
from summit_contracts.editions import Deadlines, Edition
from summit_testkit.house.sources import files

ROOT = Path(__file__).parents[3]
MOMENTS = TypeAdapter(timedelta)


@pytest.fixture(scope="module")
def uncops() -> Edition:
    return read(ROOT / "deploy/editions/uncops-2022.toml")


@pytest.mark.parametrize("seconds", [0, 1, -1, 141_000_000, -141_000_001])
def test_services_read_the_offset_as_it_was_meant(seconds: int) -> None:
    offset = timedelta(seconds=seconds)
    assert MOMENTS.validate_strings(Clock(offset).setting) == offset


def test_a_past_summit_is_played_at_its_own_time(uncops: Edition) -> None:
    clock = clocks.fit_for(uncops)
    assert clock.is_shifted
    assert abs(clock.now() - datetime(2022, 6, 1, 9, tzinfo=UTC)) < timedelta(seconds=5)
    assert "2022-06-01 09:00 UTC (shifted)" in str(clock)


def test_a_coming_summit_is_played_now(uncops: Edition) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    deadlines = Deadlines(nominate_by_at=soon, confirm_by_at=soon, wishes_by_at=soon, pledges_by_at=soon)
    assert clocks.fit_for(uncops.model_copy(update={"deadlines": deadlines})) == clocks.REAL
    assert "shifted" not in str(clocks.REAL)


def test_nobody_registers_too_late_on_the_clock_of_a_play(uncops: Edition) -> None:
    for file in (ROOT / path for path in files(ROOT) if path.match("deploy/editions/*.toml")):
        edition = read(file)
        assert clocks.fit_for(edition).now() < edition.deadlines.nominate_by_at
    assert min(day.on for day in uncops.days) == date(2022, 8, 31)


def test_a_machine_keeps_the_clock_it_was_started_with(tmp_path: Path) -> None:
    assert clocks.kept(State(tmp_path)) is None
    chosen = clocks.keep(State(tmp_path), clocks.showing(datetime(2022, 6, 1, tzinfo=UTC)))
    assert clocks.kept(State(tmp_path)) == chosen
