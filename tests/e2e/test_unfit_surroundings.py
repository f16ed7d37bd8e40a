"""Surroundings in which no service may work: each waits, names what is wrong and how to mend it, and goes on by itself."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from summit_cli.clock import Clock
from summit_cli.machine import Machine
from summit_cli.processes import Supervisor
from summit_cli.servers.ports import LOOPBACK
from summit_cli.services import SERVICES
from summit_cli.system import System
from summit_contracts.catalogue import seal
from summit_contracts.envelope import CONTENT_TYPE
from summit_contracts.fact import Stream
from summit_contracts.registration import EditionPublished
from summit_contracts.testing import golden_messages_of
from summit_testkit.contained import Runner
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Outsider
from summit_testkit.together import machine_at

Change = Callable[[Machine, System], Awaitable[None]]

pytestmark = pytest.mark.timeout(400)

EDITION = "unfit"
HEARING = tuple(name for name in SERVICES if name != "registration")
"""Who hears registration's stream."""
_THEIR_CLOCK = """
    CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS
    $$ SELECT pg_catalog.clock_timestamp() + interval '2 hours' $$
"""


@pytest.fixture(scope="module")
def unfit_machine(server_directory: Path, spring: Clock) -> Iterator[Machine]:
    """Servers of this file's own, on which everything is made wrong."""
    with machine_at(server_directory / "unfit", spring) as machine:
        yield machine


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def prepared(unfit_machine: Machine, spring: Clock, runner: Runner) -> System:
    """Databases, streams and durables as they have to be; no service runs any more."""
    async with System(unfit_machine, spring, tell=lambda _: None, program=runner.program) as system:
        return system


@asynccontextmanager
async def running(system: System) -> AsyncIterator[tuple[Supervisor, Outsider]]:
    """Every service was started, and nobody waits for it to be ready; somebody outside knows where each will answer."""
    programs, machine = system.programs(), system.machine
    addresses = {one.name: f"http://{LOOPBACK}:{one.port}" for one in programs}
    async with Supervisor(programs, machine.state, tell=lambda _: None) as supervisor:
        yield supervisor, Outsider(replace(system.deployment, addresses=addresses), machine.mailbox, EDITION)


@asynccontextmanager
async def database(machine: Machine, service: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(machine.postgres.url(service))
    async with engine.begin() as connection:
        yield connection
    await engine.dispose()


async def before_the_last_migration(machine: Machine, system: System) -> None:
    """Each database says that it has not seen the newest migration."""
    await stand_at(machine, system, -2)


async def migrated(machine: Machine, system: System) -> None:
    await stand_at(machine, system, -1)


async def stand_at(machine: Machine, system: System, place: int) -> None:
    """Each database says that it has seen the migrations up to this place among its service's own."""
    for name, service in system.services.items():
        versions = sorted(path.name.partition("_")[0] for path in service.versions.glob("[0-9]*.py"))
        async with database(machine, name) as connection:
            await connection.execute(
                text("UPDATE alembic_version SET version_num = :version"), {"version": versions[place]}
            )


async def two_hours_ahead(machine: Machine, system: System) -> None:
    """No test sets the machine's clock: the databases believe in another."""
    for name in system.services:
        async with database(machine, name) as connection:
            await connection.execute(text(_THEIR_CLOCK))
            own = (await connection.execute(text("SELECT current_database()"))).scalar_one()
            await connection.execute(text(f'ALTER DATABASE "{own}" SET search_path = public, pg_catalog'))


async def set_right(machine: Machine, system: System) -> None:
    for name in system.services:
        async with database(machine, name) as connection:
            await connection.execute(text("DROP FUNCTION public.clock_timestamp()"))


@pytest.mark.parametrize(
    ("make_wrong", "mend", "check", "remedy"),
    [
        (before_the_last_migration, migrated, "migrations", "run `migrate`"),
        (two_hours_ahead, set_right, "database", "set the one that is wrong right (NTP)"),
    ],
    ids=["a database one migration behind", "a clock two hours off"],
)
async def test_every_service_waits_says_how_to_mend_it_and_goes_on(
    prepared: System,
    unfit_machine: Machine,
    make_wrong: Change,
    mend: Change,
    check: str,
    remedy: str,
) -> None:
    await make_wrong(unfit_machine, prepared)
    heard = {name: await known(unfit_machine, name) for name in HEARING}
    async with running(prepared) as (supervisor, outsider):
        for name in SERVICES:

            async def is_said(name: str = name) -> None:
                ready = await outsider.ask(name, "GET", "/health/ready", token="")
                assert remedy in ready.json()["checks"][check]
                refused = await outsider.ask(name, "GET", "/admin/dead-letters")
                assert (refused.status_code, refused.json()["type"]) == (
                    503,
                    "urn:summit:problem:not-serving",
                )
                assert remedy in refused.json()["detail"]

            await eventually(is_said, within=60)
        await told(outsider, heard["webhooks"] + 1)
        for name in HEARING:  # connected to the stream, and looked at once more since the fact was there

            async def is_connected(name: str = name) -> None:
                ready = (await outsider.ask(name, "GET", "/health/ready", token="")).json()["checks"]
                assert ready[f"consumer {Stream.REGISTRATION}"] == "ok"

            await eventually(is_connected)
            assert await known(unfit_machine, name) == heard[name]
        for name in SERVICES:

            def is_logged(name: str = name) -> None:
                said = supervisor.kept[name].log.read_text(encoding="utf-8").splitlines()
                lines = [json.loads(line) for line in said if "service.unfit" in line]
                assert remedy in lines[-1]["fault"]

            await eventually(is_logged)
        await mend(unfit_machine, prepared)
        await supervisor.ready(within=90)
        for name in HEARING:

            async def is_heard(name: str = name) -> None:
                assert await known(unfit_machine, name) == heard[name] + 1

            await eventually(is_heard, within=60)
            assert await outsider.dead_letters(name) == []


async def known(machine: Machine, service: str) -> int:
    """How many facts the service has heard."""
    async with database(machine, service) as connection:
        return int((await connection.execute(text("SELECT count(*) FROM inbox"))).scalar_one())


async def told(outsider: Outsider, version: int) -> None:
    """A fact is on registration's stream."""
    fact = golden_messages_of(EditionPublished).full.data
    envelope = seal(fact, id=f"{EDITION}-{version}", at=datetime(2022, 6, 1, tzinfo=UTC), version=version)
    async with outsider.deployment.broker("registration") as client:
        await client.jetstream().publish(
            fact.subject, envelope.to_json(), headers={"content-type": CONTENT_TYPE}
        )
