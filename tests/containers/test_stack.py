"""The whole system as Compose starts it: a play comes out as on one machine, and faults that only containers show lose nothing."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from summit_chassis.identity import SECRETARIAT, Role
from summit_chassis.provisioner import ACK_WAIT
from summit_cli.clock import fit_for
from summit_cli.editions import read
from summit_cli.play.doors import Doors, client_of
from summit_cli.play.reckoning import Outcome, Reckoning
from summit_cli.servers.ports import LOOPBACK
from summit_cli.services import SERVICES
from summit_contracts.fact import Stream
from summit_contracts.registration import DelegationRegistered
from summit_testkit.composed import Composed
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import SummitFile, form
from summit_testkit.scenarios.outsider import edition_id_for

EDITION = Path(__file__).parents[2] / "deploy" / "editions" / "uncops-2022.toml"
STATES = ("EG", "CN", "KE", "FR", "RU", "AR", "NO", "RW", "SN", "GH", "UY", "IN", "BD", "NP", "ID", "PK", "ET", "TZ",
    "UG", "ZM", "MW", "NG", "CM", "TD", "ML", "NE", "BF", "TG", "BJ", "CI")  # fmt: skip

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def stack(images: Mapping[str, str], server_directory: Path) -> Iterator[Composed]:
    """One stack for this file."""
    assert set(images) >= {*SERVICES, "cli", "nats", "postgres"}
    with Composed(server_directory / "stack", fit_for(read(EDITION))) as stack:
        yield stack


async def test_a_summit_is_played_on_a_stack_and_every_count_agrees(stack: Composed) -> None:
    size = ("--delegations", "14", "--wishes", "40", "--seconds", "5")
    played = await asyncio.to_thread(stack.summit, "play", "uncops-2022", *size)
    assert played.returncode == 0, played.stdout + played.stderr
    outcome = await reckoned(stack, "uncops-2022")
    assert outcome.agrees, outcome.lines
    assert outcome.counts["registration"]["registered"] == 14
    assert outcome.timetable is not None


def test_containers_of_a_stack_have_no_rights_and_secrets_of_their_own(stack: Composed) -> None:
    for name in SERVICES:
        told = stack.inspected(name)["HostConfig"]
        assert told["ReadonlyRootfs"], name
        assert told["CapDrop"] == ["ALL"], name
        assert "no-new-privileges:true" in told["SecurityOpt"], name
        handed = stack.within(name, "ls", "/run/secrets").split()
        assert {"summit_database_url", "nats.nk", "ca.pem", "summit_token_keys"} <= set(handed)
        assert ("summit_token_signing_key" in handed) == (name == "registration")


class AsBrowsersDo(httpx.AsyncHTTPTransport):
    """Names below `localhost` lead to this machine, which not every system's resolver says. Source: RFC 6761, 6.3."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.host.endswith(".localhost"):
            return await super().handle_async_request(request)
        there = request.url.copy_with(host=LOOPBACK)  # the request itself stays: cookies belong to its name
        asked = httpx.Request(
            request.method,
            there,
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return await super().handle_async_request(asked)


async def test_the_secretariat_signs_in_by_the_links_that_make_up_prints(stack: Composed) -> None:
    for desk, link in (await asyncio.to_thread(stack.links)).items():
        async with httpx.AsyncClient(transport=AsBrowsersDo(), timeout=60, follow_redirects=True) as browser:
            arrived = await browser.get(link)
            assert (arrived.status_code, arrived.url.path.startswith("/en/console")) == (200, True), desk
            assert "/console/sign-in" not in arrived.url.path, desk
            assert (await browser.get(link)).status_code == 410


@dataclass
class Load:
    """Delegations that register one after the other, each asking again until it has an answer."""

    stack: Composed
    edition_id: str
    codes: Sequence[str]
    accepted: list[str] = field(default_factory=list)
    repeated: int = 0
    """How many requests had no answer, or none but that nobody can do it now."""

    async def run(self) -> None:
        """All have their 201."""
        for code in self.codes:
            await self._register(code)

    async def some(self, number: int) -> None:
        """So many more have registered, or all."""
        wanted = min(len(self.accepted) + number, len(self.codes))

        async def enough() -> None:
            assert len(self.accepted) >= wanted

        await eventually(enough, within=120)

    async def _register(self, code: str) -> None:
        deployment = self.stack.deployment
        token = deployment.token(
            Role.NOMINATOR, invitee=code, edition_id=self.edition_id, account=f"{code}/nominator"
        )
        headers = {"authorization": f"Bearer {token}", "idempotency-key": f"{self.edition_id}-{code}"}

        async def answered() -> None:
            async with client_of(deployment.addresses["registration"], within=10) as client:
                path = f"/editions/{self.edition_id}/delegations/{code}"
                try:
                    answer = await client.post(path, json=form(code), headers=headers)
                    assert answer.status_code == httpx.codes.CREATED, answer.text
                except (httpx.TransportError, AssertionError):
                    self.repeated += 1
                    raise
            self.accepted.append(code)

        await eventually(answered, within=180)


@asynccontextmanager
async def registering(stack: Composed, name: str) -> AsyncIterator[Load]:
    """A summit of this test's own, where delegations register meanwhile; afterwards nothing is lost and nothing twice."""
    load = Load(stack, edition_id_for(name), STATES)
    async with doors(stack) as doors_of:
        file = SummitFile(load.edition_id, states=STATES)
        headers = {"content-type": "application/toml"}
        await doors_of.call("registration", "POST", "/editions", content=file.text, headers=headers)
        addressees = [
            {
                "invitee": code,
                "focal": {"nominator": {"name": "Focal", "email": f"f@{code.lower()}.example"}},
            }
            for code in STATES
        ]
        path = f"/editions/{load.edition_id}/invitations"
        await doors_of.call("registration", "POST", path, json={"addressees": addressees})
    running = asyncio.create_task(load.run())
    try:
        await load.some(3)
        yield load
        await running
    finally:
        running.cancel()
    assert sorted(load.accepted) == sorted(STATES)
    await nothing_lost_and_nothing_twice(load)


async def nothing_lost_and_nothing_twice(load: Load) -> None:
    """Every service counts what the streams say; each delegation was registered once and had one letter about it."""

    async def agrees() -> Outcome:
        outcome = await reckoned(load.stack, load.edition_id)
        assert outcome.agrees, [line for line in outcome.lines if not line.agrees]
        assert outcome.counts["registration"]["registered"] == len(STATES)
        letters = outcome.counts["notifications"]["by_state"]
        assert letters.get("sent") == 2 * len(STATES), letters
        return outcome

    outcome = await eventually(agrees, within=240)
    assert outcome.tally.of(DelegationRegistered) == len(STATES)
    mails = load.stack.within("mailbox", "sh", "-c", "cat /tmp/summit/mail/new/*")
    told = Counter(line for line in mails.splitlines() if line.startswith("Message-ID:"))
    assert [one for one, times in told.items() if times > 1] == []


async def reckoned(stack: Composed, edition_id: str) -> Outcome:
    """How services and streams stand."""
    async with doors(stack) as doors_of, stack.deployment.broker() as client:
        return await Reckoning(doors_of, client, edition_id).outcome()


def doors(stack: Composed) -> Doors:
    """The stack's doors, as the secretariat."""
    deployment = stack.deployment
    return Doors(deployment.addresses, lambda _: deployment.token(*SECRETARIAT))


async def all_can_work(stack: Composed) -> None:
    """Every service says so."""
    for service in SERVICES:
        async with client_of(stack.deployment.addresses[service]) as client:
            answer = await client.get("/health/ready")
            assert answer.status_code == httpx.codes.OK, f"{service}: {answer.text}"


async def later(stack: Composed, act: Callable[[str], None], *names: str) -> None:
    """It was done to each of them, while others go on."""
    for name in names:
        await asyncio.to_thread(act, name)


@pytest.mark.parametrize("paused", ["notifications", "scheduling", "portal"])
async def test_a_service_paused_past_its_acknowledge_time_does_nothing_twice(
    stack: Composed, paused: str
) -> None:
    async with registering(stack, f"paused-{paused}") as load:
        await later(stack, stack.pause, paused)
        since = time.monotonic()
        try:
            await load.some(10)

            async def too_late_to_acknowledge() -> None:
                assert time.monotonic() - since > ACK_WAIT.total_seconds() + 2

            await eventually(too_late_to_acknowledge, within=60)
        finally:
            await later(stack, stack.resume, paused)


async def test_registrations_go_on_while_nats_is_cut_off_and_come_through_when_it_is_back(
    stack: Composed,
) -> None:
    async with registering(stack, "cut-off") as load:
        await later(stack, stack.cut_off, "nats")
        try:
            await load.some(10)
        finally:
            await later(stack, stack.rejoin, "nats")
        assert load.repeated == 0  # who registers needs no broker
    await eventually(lambda: all_can_work(stack), within=120)


async def test_nats_that_was_killed_goes_on_with_its_volume(stack: Composed) -> None:
    async with registering(stack, "nats-killed") as load:
        await later(stack, stack.kill, "nats")
        try:
            await load.some(8)
        finally:
            await later(stack, stack.start, "nats")
    await eventually(lambda: all_can_work(stack), within=120)


async def test_postgresql_that_is_restarted_or_killed_costs_nobody_a_registration(stack: Composed) -> None:
    async with registering(stack, "postgres") as load:
        await later(stack, stack.restart, "postgres")
        await load.some(5)
        await later(stack, stack.kill, "postgres")
        await later(stack, stack.start, "postgres")
    await eventually(lambda: all_can_work(stack), within=120)


async def test_every_service_is_restarted_in_turn_while_registrations_come_in(stack: Composed) -> None:
    async with registering(stack, "rolling") as load:
        for service in SERVICES:
            await later(stack, stack.restart, service)
            await eventually(lambda: all_can_work(stack), within=120)
            await load.some(2)


async def test_what_was_saved_is_there_again_when_nothing_was_left_but_the_keys(
    stack: Composed, tmp_path: Path
) -> None:
    async with registering(stack, "saved") as load:
        pass
    before = await reckoned(stack, load.edition_id), await heights(stack)
    await asyncio.to_thread(stack.save, tmp_path / "backup")
    await asyncio.to_thread(stack.forget)
    await asyncio.to_thread(stack.restore, tmp_path / "backup")
    await eventually(lambda: all_can_work(stack), within=120)

    async def is_as_before() -> None:
        assert (await reckoned(stack, load.edition_id), await heights(stack)) == before

    await eventually(is_as_before)
    async with registering(stack, "restored"):
        pass  # and life goes on


async def heights(stack: Composed) -> Mapping[str, int]:
    """The number of the last fact in each stream."""
    async with stack.deployment.broker() as client:
        streams = client.jetstream()
        return {name: (await streams.stream_info(name)).state.last_seq for name in Stream}
