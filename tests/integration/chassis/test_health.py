"""Readiness tells the truth: what is missing is named, and when it is back the service is ready again."""

import asyncio
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from summit_chassis import broker, telemetry
from summit_chassis.provisioner import ACK_WAIT, consumer, provision
from summit_chassis.service import RunRole
from summit_cli.servers.nats import NatsServer
from summit_contracts.fact import Stream
from summit_testkit.databases import Databases
from summit_testkit.eventually import eventually
from summit_testkit.probe.application import hearer, publisher
from summit_testkit.probe.services import DURABLES, HEARER
from summit_testkit.probe.serving import Served, serving, settings_of

RELAY = {"relay", "stream NOTIFICATIONS", "stream DEAD"}
ITSELF = {"migrations", "database", "workers"}
EVERYTHING = ITSELF | {"consumer REGISTRATION", "consumer PERSONAL"} | RELAY


async def faults(served: Served) -> dict[str, str]:
    answer = await served.http.get("/health/ready")
    checks: dict[str, str] = answer.json()["checks"]
    wrong = {name: fault for name, fault in checks.items() if fault != "ok"}
    assert answer.status_code == (503 if wrong else 200)
    assert answer.json()["status"] == ("not ready" if wrong else "ready")
    return wrong


async def is_ready(served: Served) -> None:
    assert await faults(served) == {}


async def names_fault(served: Served, check: str, words: str) -> None:
    assert words in (await faults(served)).get(check, "nothing")


async def test_a_service_that_has_everything_is_ready(probe_url: str, provisioned_nats: NatsServer) -> None:
    async with serving(hearer, settings_of(probe_url, provisioned_nats.url)) as served:
        await eventually(lambda: is_ready(served))
        checks = (await served.http.get("/health/ready")).json()["checks"]
        assert checks.keys() == EVERYTHING
        assert (await served.http.get("/health/live")).json() == {"status": "live"}
        metrics = await served.http.get("/metrics")
        assert "summit_outbox_pending" in metrics.text


async def test_without_nats_it_lives_and_is_not_ready_and_recovers(
    probe_url: str, provisioned_nats: NatsServer
) -> None:
    provisioned_nats.kill()
    async with serving(hearer, settings_of(probe_url, provisioned_nats.url)) as served:
        assert (await served.http.get("/health/live")).status_code == 200

        async def it_names_what_needs_nats_alone() -> None:
            assert (await faults(served)).keys() == EVERYTHING - ITSELF
            serving_still = await served.http.get("/health/serving")
            assert (serving_still.status_code, serving_still.json()["status"]) == (200, "ready")

        await eventually(it_names_what_needs_nats_alone)
        provisioned_nats.restart()
        await eventually(lambda: is_ready(served))
        provisioned_nats.kill()
        await eventually(lambda: names_fault(served, "relay", "not connected"))
        assert (await served.http.get("/health/live")).status_code == 200


async def test_a_nats_that_hangs_is_noticed(probe_url: str, provisioned_nats: NatsServer) -> None:
    async with serving(hearer, settings_of(probe_url, provisioned_nats.url)) as served:
        await eventually(lambda: is_ready(served))
        provisioned_nats.pause()
        try:
            await eventually(lambda: names_fault(served, "consumer REGISTRATION", "no answer within"))
        finally:
            provisioned_nats.resume()
        await eventually(lambda: is_ready(served))


async def test_a_worker_that_ends_again_and_again_is_named(
    probe_url: str, provisioned_nats: NatsServer
) -> None:
    async def letters(_: asyncio.Event) -> None:
        raise LookupError("of somebody@example.org")

    ill = replace(hearer, workers=lambda *_: [letters])
    async with serving(ill, settings_of(probe_url, provisioned_nats.url)) as served:

        async def it_is_named_and_no_person() -> None:
            said = (await faults(served))["workers"]
            assert " times in a row, the last time by LookupError" in said
            assert "example.org" not in said
            assert (await served.http.get("/health/serving")).status_code == 200

        await eventually(it_is_named_and_no_person)


async def test_a_missing_or_different_durable_is_named(probe_url: str, provisioned_nats: NatsServer) -> None:
    client = await broker.connect(provisioned_nats.url, service="test")
    jetstream = client.jetstream()
    async with serving(hearer, settings_of(probe_url, provisioned_nats.url)) as served:
        await eventually(lambda: is_ready(served))
        await jetstream.delete_consumer(Stream.PERSONAL.value, HEARER.value)

        async def it_is_missing() -> None:
            assert await faults(served) == {
                "consumer PERSONAL": "durable PERSONAL/notifications missing; run `summit provision`"
            }

        await eventually(it_is_missing)
        other = consumer(DURABLES[1]).evolve(ack_wait=ACK_WAIT.total_seconds() * 2, max_ack_pending=7)
        await jetstream.add_consumer(Stream.PERSONAL.value, other)
        await eventually(
            lambda: names_fault(served, "consumer PERSONAL", "differs in ack_wait, max_ack_pending")
        )
        assert await provision(client, DURABLES)
        await eventually(lambda: is_ready(served))
    await broker.close(client)


async def test_a_database_that_is_not_this_codes_is_named_and_one_ahead_of_it_is_worked_with(
    databases: Databases, probe_template: str, provisioned_nats: NatsServer
) -> None:
    url = databases.fresh(probe_template)
    async with serving(publisher, settings_of(url, provisioned_nats.url)) as served:
        await eventually(lambda: is_ready(served))
        async with served.database.engine.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '20200101000000'"))
        said = "the database is at 20200101000000, which is no version of this code"
        await eventually(lambda: names_fault(served, "migrations", said))
        async with served.database.engine.begin() as connection:
            await connection.execute(text("UPDATE alembic_version SET version_num = '29990101000000'"))
        await eventually(lambda: is_ready(served))


async def test_an_empty_database_is_behind_the_code(database_url: str, provisioned_nats: NatsServer) -> None:
    async with serving(publisher, settings_of(database_url, provisioned_nats.url), "http") as served:
        await eventually(lambda: names_fault(served, "migrations", "run `migrate`"))


@pytest.mark.parametrize("role", ["relay", "events"])
async def test_whoever_delivers_counts_what_waits(
    role: RunRole, probe_url: str, provisioned_nats: NatsServer
) -> None:
    gauges = ["summit_outbox_pending", "summit_outbox_oldest_seconds", "summit_dead_letters_waiting"]
    if role == "relay":
        gauges.append("summit_stream_filled_ratio")
    if role == "events":
        gauges.append("summit_consumer_lag")
    for gauge in (
        telemetry.OUTBOX_PENDING,
        telemetry.OUTBOX_AGE,
        telemetry.CONSUMER_LAG,
        telemetry.STREAM_FILLED,
    ):
        gauge.clear()
    telemetry.DEAD_LETTERS_WAITING.clear()
    async with serving(hearer, settings_of(probe_url, provisioned_nats.url), role) as served:

        async def counted() -> None:
            told = (await served.http.get("/metrics")).text
            assert [gauge for gauge in gauges if f"\n{gauge}{{" not in told] == []

        await eventually(counted, within=40)


async def test_a_database_that_is_not_there_is_named(provisioned_nats: NatsServer) -> None:
    nowhere = "postgresql+asyncpg://summit@127.0.0.1:1/nowhere"
    async with serving(hearer, settings_of(nowhere, provisioned_nats.url)) as served:
        assert {"migrations", "database"} <= (await faults(served)).keys()
        await eventually(lambda: names_fault(served, "relay", "has not come round"))
        answer = await served.http.get("/health/live")
        assert answer.status_code == 200


@pytest.mark.parametrize(("hours", "said"), [(2, "behind"), (-2, "ahead of")])
async def test_a_clock_two_hours_off_is_named_and_nobody_is_served_by_it(
    probe_url: str, provisioned_nats: NatsServer, hours: int, said: str
) -> None:
    engine = create_async_engine(probe_url)
    async with (
        engine.begin() as connection
    ):  # no test sets the machine's clock: the database believes in another
        await connection.execute(
            text(
                "CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
                f" $$ SELECT pg_catalog.clock_timestamp() + interval '{hours} hours' $$"
            )
        )
        name = (await connection.execute(text("SELECT current_database()"))).scalar_one()
        await connection.execute(text(f'ALTER DATABASE "{name}" SET search_path = public, pg_catalog'))
    await engine.dispose()
    async with serving(publisher, settings_of(probe_url, provisioned_nats.url)) as served:
        await eventually(lambda: names_fault(served, "database", f" s {said} the database's"))
        await eventually(lambda: names_fault(served, "database", "NTP"))
        assert (await served.http.get("/health/serving")).status_code == 503


@pytest.mark.parametrize("role", ["http", "events", "relay"])
async def test_each_role_answers_for_what_it_does(
    role: str, probe_url: str, provisioned_nats: NatsServer
) -> None:
    expected = {
        "http": ITSELF,
        "relay": ITSELF | RELAY,
        "events": ITSELF | {"consumer REGISTRATION", "consumer PERSONAL"},
    }
    async with serving(hearer, settings_of(probe_url, provisioned_nats.url), role) as served:  # type: ignore[arg-type]  # one of the roles
        await eventually(lambda: is_ready(served))
        answer: httpx.Response = await served.http.get("/health/ready")
        assert answer.json()["checks"].keys() == expected[role]
