"""The examples for systems outside, as programs with nothing but the file they were handed."""

import asyncio
import csv
import io
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from summit_chassis import broker
from summit_cli.access.admission import Admission
from summit_contracts.catalogue import seal
from summit_contracts.fact import Fact, Stream
from summit_contracts.pledges import PledgeAcknowledged, PledgeMade
from summit_contracts.testing import golden_messages_of
from summit_testkit.eventually import eventually
from summit_testkit.guarded import Guarded, told_by
from summit_testkit.histories import registrations
from summit_testkit.node import installed
from summit_testkit.programs import running_program

pytestmark = pytest.mark.xdist_group("subscribers")

EXAMPLES = Path(__file__).parents[3] / "examples"
PROTOCOL = EXAMPLES / "protocol-list" / "participants.py"
STATISTICS = EXAMPLES / "statistics"
OWNERS = (Stream.REGISTRATION, Stream.SCHEDULING, Stream.PLEDGES, Stream.NOTIFICATIONS)
EDITIONS = ("uncops-2022", "uncops-2024")


async def nothing_waits(running: Guarded, gate: Admission) -> None:
    """The history has whatever its owners told, and every subscriber has acknowledged all of it."""

    async def look() -> None:
        async with running.visitor("operator") as operator:
            told = [await broker.last_seq(operator.client, owner.value) for owner in OWNERS]
            assert await broker.last_seq(operator.client, Stream.SUMMIT.value) == sum(told)
        assert [one.waiting for one in await gate.standings()] == [0]

    await eventually(look, within=60)


def follow(file: Path) -> Sequence[str]:
    return (sys.executable, str(PROTOCOL), str(file), "follow")


async def shown(file: Path) -> list[list[str]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROTOCOL), str(file), "show", stdout=asyncio.subprocess.PIPE
    )
    out, _ = await asyncio.wait_for(process.communicate(), timeout=60)
    return list(csv.reader(io.StringIO(out.decode())))


@pytest.fixture(scope="module")
def history() -> list[Any]:
    return [event for seed, edition in enumerate(EDITIONS, 1) for event in registrations(seed, edition)]


async def test_the_list_of_participants_is_the_same_after_a_kill_a_replay_and_duplicates(
    running: Guarded, gate: Admission, history: list[Any], tmp_path: Path
) -> None:
    half = len(history) // 2
    await running.publish(history[:half])
    told = told_by((await gate.add("protocol", "summit.*.registration.>")).file)
    kept, anew = tmp_path / "kept.db", tmp_path / "anew.db"

    async def has_begun() -> None:
        assert len(await shown(kept)) > 1

    async with running_program(*follow(kept), told=told) as program:
        await eventually(has_begun)
        program.kill()
    await running.publish(history[half:])
    await running.publish(history, again="twice-")
    async with running_program(*follow(kept), told=told):
        await nothing_waits(running, gate)
    after_kill_and_duplicates = await shown(kept)

    await gate.remove("protocol")
    told = told_by((await gate.add("protocol", "summit.*.registration.>")).file)
    async with running_program(*follow(anew), told=told):
        await nothing_waits(running, gate)
    assert await shown(anew) == after_kill_and_duplicates
    assert {row[0] for row in after_kill_and_duplicates[1:]} == set(EDITIONS)

    await gate.remove("protocol")
    told = told_by((await gate.add("protocol", "summit.*.registration.>")).file)
    async with running_program(*follow(kept), told=told):
        await nothing_waits(running, gate)
    assert await shown(kept) == after_kill_and_duplicates


def pledge(pledge_id: str, *kinds: type[Fact]) -> list[Any]:
    """What happened to one pledge, in order."""
    facts = [golden_messages_of(kind).full.data.model_copy(update={"pledge_id": pledge_id}) for kind in kinds]
    return [
        seal(fact, id=f"{pledge_id}-{version}", at=datetime(2022, 9, 1, tzinfo=UTC), version=version)
        for version, fact in enumerate(facts, 1)
    ]


async def test_the_statistics_in_javascript_count_each_pledge_once(
    running: Guarded, gate: Admission, tmp_path: Path
) -> None:
    node = installed(STATISTICS)
    events = pledge("first", PledgeMade, PledgeAcknowledged) + pledge("second", PledgeMade)
    await running.publish(events)
    await running.publish(events, again="twice-")
    told = told_by((await gate.add("statistics", "summit.*.pledges.>")).file)
    file = tmp_path / "pledges.json"
    argv = (node, str(STATISTICS / "pledges.mjs"), str(file))
    async with running_program(*argv, told=told):
        await nothing_waits(running, gate)
    once = json.loads(file.read_text(encoding="utf-8"))
    assert once["counts"] == {"uncops-2022": {one.data.state.value: 1 for one in events[1:]}}
    await gate.remove("statistics")
    told = told_by((await gate.add("statistics", "summit.*.pledges.>")).file)
    async with running_program(*argv, told=told):
        await nothing_waits(running, gate)
    assert json.loads(file.read_text(encoding="utf-8")) == once
