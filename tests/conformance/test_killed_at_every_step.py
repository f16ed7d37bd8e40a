"""Killed at any step, the books of both sides read as if nothing had happened."""

import signal
from dataclasses import replace
from pathlib import Path

import pytest

from summit_chassis.deadletters import DeadLetters
from summit_cli.servers.nats import NatsServer
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually
from summit_testkit.probe.ledger import Story, told
from summit_testkit.probe.processes import probing
from summit_testkit.probe.roles import Orders
from summit_testkit.probe.services import CODES, applied_reasons, publish, withdrawn
from summit_testkit.probe.steps import PLACES, Death
from summit_testkit.probe.workload import Workload

pytestmark = pytest.mark.usefixtures("quick_redelivery")
WORKLOAD = Workload(seed=20220831)
_undisturbed: list[tuple[Story, Story]] = []


@pytest.fixture
def orders(databases: Databases, fresh_nats: NatsServer, tmp_path: Path) -> Orders:
    return Orders("write", databases.fresh(), databases.fresh(), fresh_nats.url, tmp_path, WORKLOAD)


async def play(orders: Orders) -> tuple[tuple[Story, Story], list[int]]:
    async with probing(orders) as probe:
        probe.start("write")
        await probe.has_written()
        members = [probe.members["write"], probe.start("relay"), probe.start("hear")]
        story = (await probe.settled()).story

        def the_dead() -> list[int]:
            found = [code for member in members for code in member.exit_codes if code]
            assert found or not orders.death, "nobody has died yet"
            return found

        return story, await eventually(the_dead)


@pytest.fixture
async def undisturbed(databases: Databases, server_directory: Path, tmp_path: Path) -> tuple[Story, Story]:
    """What the same workload comes to when nobody is killed; played once."""
    if not _undisturbed:
        with NatsServer(server_directory / "undisturbed", durable=False) as nats:
            story, deaths = await play(
                Orders("write", databases.fresh(), databases.fresh(), nats.url, tmp_path, WORKLOAD)
            )
        assert not deaths
        _undisturbed.append(story)
    return _undisturbed[0]


def test_undisturbed_the_workload_is_worth_disturbing(undisturbed: tuple[Story, Story]) -> None:
    said, answered = undisturbed
    assert said == told(WORKLOAD)
    assert sum(len(lines) for lines in said.values()) > 250
    assert 0 < sum(len(lines) for lines in answered.values()) < sum(len(lines) for lines in said.values())


@pytest.mark.parametrize("place", PLACES)
async def test_a_process_killed_on_the_way_changes_nothing(
    place: str, orders: Orders, undisturbed: tuple[Story, Story], tmp_path: Path
) -> None:
    death = Death(place, tmp_path / "died")
    story, deaths = await play(replace(orders, death=death))
    assert deaths == [-signal.SIGKILL]
    assert story == undisturbed


async def test_a_fact_that_kills_whoever_handles_it_is_set_aside(orders: Orders) -> None:
    facts = [withdrawn(str(number), CODES[number]) for number in range(9)]
    facts[4] = withdrawn("dies", CODES[4])
    async with probing(orders) as probe:
        await publish(probe.source, *facts, withdrawn("behind it", CODES[4]))
        probe.start("relay")
        hearer = probe.start("hear")
        letters = DeadLetters(probe.sink)

        async def it_is_set_aside() -> None:
            dead, parked = await letters.open_letters()
            assert (dead.state, parked.state) == ("dead", "parked")
            assert dead.reason == "the process died while handling it"
            assert sorted(map(str, await applied_reasons(probe.sink))) == list("01235678")

        await eventually(it_is_set_aside, within=90)
        assert set(hearer.exit_codes) == {-signal.SIGKILL}
        assert len(hearer.exit_codes) <= 3 + 2 + 1
