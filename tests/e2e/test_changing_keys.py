"""Who signs access tokens changes under way: what was signed before is believed as long as it is good, and then no more."""

import base64
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from summit_chassis.identity import Role
from summit_cli.clock import Clock
from summit_cli.machine import Machine
from summit_cli.rotation import LONGEST_LIFE, TokenRotation
from summit_cli.services import SERVICES
from summit_cli.system import System
from summit_testkit.contained import Runner
from summit_testkit.scenarios import Command, Outsider, SummitFile
from summit_testkit.together import machine_at

Starting = Callable[[], AbstractAsyncContextManager[System]]

pytestmark = pytest.mark.timeout(600)


@pytest.fixture
def own_machine(server_directory: Path, spring: Clock) -> Iterator[Machine]:
    """Servers of this test's own: its services are started again and again."""
    with machine_at(server_directory / "keys", spring) as machine:
        yield machine


@pytest.fixture
def starting(own_machine: Machine, spring: Clock, runner: Runner) -> Starting:
    """Starts every service, with the keys of that moment."""

    @asynccontextmanager
    async def started() -> AsyncIterator[System]:
        async with System(own_machine, spring, tell=lambda _: None, program=runner.program) as system:
            yield system

    return started


async def test_nobody_is_signed_out_while_who_signs_tokens_changes(
    own_machine: Machine, starting: Starting
) -> None:
    state = own_machine.state
    summit, file = Command(state.directory), SummitFile("changing-keys", states=["KE", "FR"])
    async with starting() as system:
        outsider = Outsider(system.deployment, own_machine.mailbox, file.edition_id)
        await outsider.open(file)
        former = await outsider.sign_in("KE")
        announced = await summit("keys", "rotate", "tokens")
        assert announced.out.startswith("1 of 3: a new key is announced."), announced.err
        too_early = await summit("keys", "rotate", "tokens")
        assert too_early.code == 1
        assert f"not known yet to {', '.join(SERVICES)}." in too_early.err

    async with starting():
        signing = await summit("keys", "rotate", "tokens")
        assert signing.out.startswith("2 of 3: the new key signs."), signing.err

    async with starting() as system:
        assert await disbelieving(outsider, former) == set()
        outsider = Outsider(system.deployment, own_machine.mailbox, file.edition_id)
        now = await outsider.sign_in("FR")
        assert signed_by(now) == signed_by(outsider.token(Role.ADMIN)) != signed_by(former)
        assert await disbelieving(outsider, now) == set()
        too_early = await summit("keys", "rotate", "tokens")
        assert too_early.code == 1
        assert "What the former key has signed is good until" in too_early.err

    TokenRotation(state).end(datetime.now(UTC) + LONGEST_LIFE)
    async with starting():
        assert await disbelieving(outsider, former) == set(SERVICES)
        assert await disbelieving(outsider, now) == set()


async def disbelieving(outsider: Outsider, token: str) -> set[str]:
    """The services that take this token for nobody's; to a nominator that they know they say that it may not do this."""
    asked = ("GET", "/admin/dead-letters")
    answers = {name: await outsider.ask(name, *asked, token=token) for name in SERVICES}
    assert {answer.status_code for answer in answers.values()} <= {401, 403}
    return {name for name, answer in answers.items() if answer.status_code == 401}


def signed_by(token: str) -> str:
    """The thumbprint of the key that has signed a token, as it says itself."""
    header = token.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"])
