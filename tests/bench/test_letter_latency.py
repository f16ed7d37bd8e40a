"""From a 201 to the letter in the hands of the mail server, while registrations come at a steady rate whatever the system does."""

import json
import os
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import psutil
import pytest
import pytest_asyncio
from sqlalchemy import text

from summit_chassis.database import Database
from summit_chassis.identity import Role
from summit_cli.servers.mailbox import Mailbox
from summit_cli.system import System
from summit_testkit.eventually import eventually
from summit_testkit.everybody import MEMBER_STATES, invite_everybody
from summit_testkit.measured import Measured, processor_seconds_of_all
from summit_testkit.together import machine_at, spring
from summit_testkit.written import tell

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(900)]

CLIENTS: Final = Path(__file__).with_name("registrars.py")
RATE: Final = float(os.environ.get("SUMMIT_LETTER_RATE", "50"))
"""Registrations a second."""
SECONDS: Final = float(os.environ.get("SUMMIT_LETTER_SECONDS", "45"))
EDITIONS: Final = -(-int(RATE * SECONDS) // len(MEMBER_STATES))
_COMES_WITHIN: Final = 300.0
_LETTERS = text("""
    SELECT letter_id, edition_id, invitee, applied_at, first_tried_at
    FROM letters JOIN inbox ON inbox.event_id = letters.cause WHERE letter = 'delegation_registered'
""")


class Way(NamedTuple):
    """When a registration was where, in seconds of the epoch."""

    scheduled: float
    answered: float
    """The 201 was read."""
    heard: float
    """Notifications began the transaction that knows of it."""
    tried: float
    """The letter was taken out to be written and sent."""
    arrived: float
    """The mail server had it, whole."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def system(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[System]:
    """Every service, each one process; everybody is invited, and no invitation is under way any more."""
    clock = spring()
    with machine_at(tmp_path_factory.mktemp("letters"), clock) as machine:
        async with System(machine, clock, tell=lambda _: None) as system:
            await _invite(system, machine.mailbox)
            yield system


async def _invite(system: System, mailbox: Mailbox) -> None:
    address = system.deployment.addresses["registration"]
    await invite_everybody(address, system.deployment.token(Role.REGISTRATION), *_editions())

    async def all_have_come() -> None:
        assert mailbox.count() == EDITIONS * len(MEMBER_STATES)

    await eventually(all_have_come, within=_COMES_WITHIN)


def _editions() -> Sequence[str]:
    return [f"letters-{number}" for number in range(EDITIONS)]


async def test_from_a_201_to_the_mail_server(system: System, tmp_path: Path) -> None:
    mailbox = system.machine.mailbox
    before = mailbox.count()
    used = _used(system)
    answers = await _registered(system, tmp_path / "answers.json")

    async def every_letter_has_come() -> None:
        assert mailbox.count() - before >= len(answers)

    await eventually(every_letter_has_come, within=_COMES_WITHIN)
    taken = {name: (now - used[name]) / len(answers) * 1000 for name, now in _used(system).items()}
    ways = await _ways(system, answers)
    assert len(ways) == len(answers)
    tell("test_letter_latency.py", _table(ways, taken))


async def _registered(system: System, file: Path) -> Mapping[str, tuple[float, float]]:
    """When each registration was to be sent and when its 201 came, by `edition/invitee`; sent at its time, whatever came of the last."""
    port = str(urlsplit(system.deployment.addresses["registration"]).port)
    bearer = system.deployment.token(Role.REGISTRATION, valid_for=timedelta(hours=1))
    words = ("pace", port, bearer, str(RATE), str(int(RATE * SECONDS)), str(file), *_editions())
    client = await Measured.ready(CLIENTS, *words)
    client.go()
    await client.done()
    await client.gone()
    return _times_in(file)


def _times_in(file: Path) -> Mapping[str, tuple[float, float]]:
    times: dict[str, tuple[float, float]] = json.loads(file.read_text(encoding="utf-8"))
    return times


async def _ways(system: System, answers: Mapping[str, tuple[float, float]]) -> list[Way]:
    offset = system.clock.offset
    arrived = _arrivals(system.machine.mailbox.directory)
    database = Database(system.machine.postgres.url("notifications"), service="bench")
    async with database.engine.connect() as connection:
        letters = (await connection.execute(_LETTERS)).all()
    await database.dispose()

    def real(moment: datetime) -> float:
        return (moment - offset).timestamp()

    return [
        Way(
            *answers[f"{one.edition_id}/{one.invitee}"],
            real(one.applied_at), real(one.first_tried_at), arrived[one.letter_id],
        )
        for one in letters
        if f"{one.edition_id}/{one.invitee}" in answers
    ]  # fmt: skip


def _arrivals(mailbox: Path) -> Mapping[str, float]:
    """When each letter was stored, by its id; a stored mail is named by that moment."""
    found: dict[str, float] = {}
    for file in (mailbox / "new").iterdir():
        head = file.read_text(encoding="utf-8").partition("\nMessage-ID: <")[2]
        found[head.partition("@")[0]] = int(file.name.partition(".")[0]) / 1e9
    return found


def _used(system: System) -> dict[str, float]:
    """Processor seconds of each service, of NATS and of PostgreSQL, so far."""
    tops = {one.name: one.pid for one in system.machine.state.running() if one.pid != os.getpid()}
    return {name: processor_seconds_of_all(psutil.Process(pid)) for name, pid in tops.items()}


_STEPS: Final[Sequence[tuple[str, str, str]]] = (
    ("**from the 201 until the mail server has the letter**", "answered", "arrived"),
    ("of that: outbox, relay, stream, until notifications takes it up", "answered", "heard"),
    ("of that: inbox, commit, until the letter is taken out", "heard", "tried"),
    ("of that: composing, two commits, SMTP", "tried", "arrived"),
    ("before it: from the moment it was to be sent until the 201", "scheduled", "answered"),
)


def _table(ways: Sequence[Way], taken: Mapping[str, float]) -> str:
    rows = [f"| {words} | {_spread(ways, first, last)} |" for words, first, last in _STEPS]
    work = ", ".join(f"{name} {each:.1f}" for name, each in sorted(taken.items(), key=lambda one: -one[1]))
    return "\n".join(
        [
            f"{RATE:g} registrations a second for {SECONDS:g} s, sent at their times whatever came of those before; {len(ways)} letters, {int(RATE * SECONDS) - len(ways)} refused for want of room.",
            "",
            "| milliseconds | p50 | p99 | longest |",
            "|---|---|---|---|",
            *rows,
            "",
            f"Processor time for each, in milliseconds: {work}; together {sum(taken.values()):.1f}.",
        ]
    )


def _spread(ways: Sequence[Way], first: str, last: str) -> str:
    waited = sorted((getattr(one, last) - getattr(one, first)) * 1000 for one in ways)
    median, late = waited[len(waited) // 2], waited[min(len(waited) - 1, int(len(waited) * 0.99))]
    return f"{median:.0f} | {late:.0f} | {waited[-1]:.0f}"
