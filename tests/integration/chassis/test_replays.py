"""A replay that is killed, stopped or disturbed leaves nothing that nobody can set free."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from enum import Enum
from itertools import count, pairwise

import asyncpg
import pytest
from sqlalchemy import text

from summit_chassis import replay
from summit_chassis.database import Database
from summit_chassis.deadletters import DeadLetters
from summit_chassis.inbox import Inbox
from summit_chassis.subscribers import ComeAgain, Subscribers
from summit_contracts.envelope import Envelope
from summit_contracts.registration import DelegationWithdrawn
from summit_testkit.eventually import eventually
from summit_testkit.probe.services import CODES, HEARER, ProbeUnit, applied_reasons, delivered

_STEPS = 5
"""Of the replay below: the first letter is claimed, three are through one by one, the fourth is dead again."""


class Killed(BaseException):
    """The process ends here."""


class Trouble(Enum):
    """What may come over a handler beside an error of its own."""

    HANGS = "hangs"
    IS_CUT_OFF = "its connection is ended, as an administrator might"


class Hearer:
    """A handler that fails where it is told to, in as many processes as one likes."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.letters = DeadLetters(database)
        self.troubles: dict[str, Exception | Trouble] = {}
        """By the reason of the fact."""
        self.afterwards: dict[str, Exception | Trouble] = {}
        """What they are once one of them came."""
        self.hanging = asyncio.Event()
        self.subscribers: Subscribers[ProbeUnit] = Subscribers(HEARER)
        self.subscribers.on(DelegationWithdrawn)(self.handle)

    def process(self) -> Inbox[ProbeUnit]:
        """Another one, which knows what is in the database and nothing else."""
        return Inbox(self.database, self.subscribers, ProbeUnit, max_attempts=1)

    async def handle(self, event: Envelope[DelegationWithdrawn], unit: ProbeUnit) -> None:
        reason = event.data.reason or ""
        trouble = self.troubles.get(reason)
        if trouble:
            self.troubles = self.afterwards
        if trouble is Trouble.HANGS:
            self.hanging.set()
            await asyncio.Event().wait()
        elif trouble is Trouble.IS_CUT_OFF:
            await unit.transaction.connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        elif trouble:
            raise trouble
        unit.note(event, reason)

    async def set_aside(self, code: str) -> list[str]:
        """Four facts of this aggregate, of which the first is dead and the others wait behind it; their reasons."""
        reasons = [f"{code}{number}" for number in range(1, 5)]
        self.troubles = self.afterwards = {reasons[0]: RuntimeError("poison")}
        facts = [delivered(reason, version, invitee=code) for version, reason in enumerate(reasons, 1)]
        verdicts = await self.process().apply(facts)
        assert [verdict.outcome for verdict in verdicts] == ["dead", "parked", "parked", "parked"]
        self.troubles, self.afterwards = {}, {}
        return reasons

    async def asks(self, inbox: Inbox[ProbeUnit]) -> None:
        """Somebody asks for all that is dead, and it is tried."""
        await self.letters.mark_for_replay(by="an operator")
        await inbox.replay()

    async def states(self) -> list[str]:
        """Of the letters that are not through, the oldest first."""
        return [letter.state for letter in await self.letters.open_letters()]

    async def applied(self, code: str) -> list[str | None]:
        """What was applied of this aggregate, in order."""
        return [reason for reason in await applied_reasons(self.database) if (reason or "").startswith(code)]


@pytest.fixture
async def hearer(probe_url: str) -> AsyncIterator[Hearer]:
    """A hearer of a database of its own."""
    database = Database(probe_url, service=HEARER.value, pool=3)
    yield Hearer(database)
    await database.dispose()


@contextmanager
def dying(step: int) -> Iterator[None]:
    """The process is killed right before its commit of this number, counted from 1."""
    steps, commit = count(1), asyncpg.transaction.Transaction.commit

    async def commit_or_die(self: asyncpg.transaction.Transaction) -> None:
        if next(steps) == step:
            raise Killed
        await commit(self)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(asyncpg.transaction.Transaction, "commit", commit_or_die)
        yield


def still_poison(reason: str) -> dict[str, Exception | Trouble]:
    """With the last of its aggregate the letters are tried one by one, up to that."""
    return {reason: RuntimeError("still poison")}


@pytest.mark.parametrize("step", range(1, _STEPS + 2))
async def test_killed_before_any_commit_it_leaves_a_letter_that_a_person_can_ask_for(
    step: int, hearer: Hearer
) -> None:
    reasons = await hearer.set_aside(CODES[0])
    hearer.troubles = hearer.afterwards = still_poison(reasons[3])
    await hearer.letters.mark_for_replay(by="an operator")
    killed = False
    with dying(step):
        try:
            await hearer.process().replay()
        except Killed:
            killed = True
    assert killed is (step <= _STEPS)
    assert set(await hearer.states()) & {"dead", "retry"}
    hearer.troubles = {}
    await hearer.asks(hearer.process())
    assert await hearer.applied(CODES[0]) == reasons
    assert await hearer.states() == []


@pytest.mark.parametrize("place", range(4))
async def test_a_database_that_goes_away_in_the_middle_is_no_reason_to_ask_again(
    place: int, hearer: Hearer
) -> None:
    reasons = await hearer.set_aside(CODES[0])
    hearer.troubles = still_poison(reasons[3])
    hearer.afterwards = {reasons[place]: Trouble.IS_CUT_OFF}
    inbox = hearer.process()
    with pytest.raises(Exception, match="terminat"):
        await hearer.asks(inbox)
    assert await hearer.applied(CODES[0]) == reasons[:place]
    hearer.troubles = {}

    async def all_came_through() -> None:
        await inbox.replay()
        assert await hearer.states() == []

    await eventually(all_came_through)
    assert await hearer.applied(CODES[0]) == reasons


async def test_what_comes_too_early_is_tried_more_and_more_rarely(
    hearer: Hearer, monkeypatch: pytest.MonkeyPatch
) -> None:
    reasons = await hearer.set_aside(CODES[0])
    hearer.troubles = hearer.afterwards = {reasons[0]: ComeAgain()}
    now = 0.0

    class Clock:
        """Goes on when the test says so."""

        @staticmethod
        def monotonic() -> float:
            return now

    monkeypatch.setattr(replay, "time", Clock)
    inbox = hearer.process()
    await hearer.asks(inbox)
    tries = [0.0]
    attempts = (await hearer.letters.open_letters())[0].attempts
    for _ in range(200):
        now += 1
        await inbox.replay()
        if (after := (await hearer.letters.open_letters())[0].attempts) > attempts:
            tries.append(now)
            attempts = after
    assert [after - before for before, after in pairwise(tries)] == [1, 2, 4, 8, 16, 32, 60, 60]
    hearer.troubles = {}
    now += 60
    await inbox.replay()
    assert await hearer.applied(CODES[0]) == reasons


async def test_a_process_that_is_stopped_at_once_leaves_all_to_the_next(hearer: Hearer) -> None:
    reasons = await hearer.set_aside(CODES[0])
    hearer.troubles = {reasons[1]: Trouble.HANGS}
    await is_stopped_while_it_hangs(hearer)
    assert await hearer.applied(CODES[0]) == []
    await hearer.process().replay()
    assert await hearer.applied(CODES[0]) == reasons


async def test_a_process_that_is_stopped_halfway_leaves_the_rest_to_the_next(hearer: Hearer) -> None:
    reasons = await hearer.set_aside(CODES[0])
    hearer.troubles, hearer.afterwards = still_poison(reasons[3]), {reasons[2]: Trouble.HANGS}
    await is_stopped_while_it_hangs(hearer)
    assert await hearer.applied(CODES[0]) == reasons[:2]
    await hearer.process().replay()
    assert await hearer.applied(CODES[0]) == reasons


async def is_stopped_while_it_hangs(hearer: Hearer) -> None:
    """A replay that somebody asked for, whose process is told to end; for the next, nobody has to ask again."""
    await hearer.letters.mark_for_replay(by="an operator")
    replaying = asyncio.create_task(hearer.process().replay())
    await asyncio.wait_for(hearer.hanging.wait(), timeout=20)
    replaying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await replaying
    assert (await hearer.states())[0] == "retry"
    hearer.troubles = {}
