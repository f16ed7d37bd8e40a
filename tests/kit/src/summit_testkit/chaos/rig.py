"""The rig: everything runs as processes, people use it, faults happen by a seed, and in the end the judge has the word."""

import asyncio
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import httpx

from summit_chassis.identity import SECRETARIAT
from summit_cli.play.doors import DoorRefused, Doors, NoAnswer, client_of
from summit_cli.processes import Patience, Program
from summit_cli.system import System
from summit_testkit.chaos.books import Books, read_books
from summit_testkit.chaos.faults import FAULTS, Surroundings
from summit_testkit.chaos.judging import flaws
from summit_testkit.chaos.people import Crowd
from summit_testkit.chaos.promises import Promises
from summit_testkit.chaos.replaying import replayed
from summit_testkit.chaos.wire import Wire
from summit_testkit.scenarios import Outsider
from summit_testkit.together import machine_at, spring

_RECOVERS_WITHIN = 90.0  # seconds
_LOOK_AGAIN = 0.25


@dataclass
class Outcome:
    """What came of a run."""

    seed: int
    flaws: Sequence[str] = ()
    faults: Counter[str] = field(default_factory=Counter)
    recoveries: list[float] = field(default_factory=list)
    """Seconds from the end of each fault until every service said that it can work."""
    facts: int = 0
    promises: int = 0
    mails: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        longest = max(self.recoveries, default=0.0)
        median = statistics.median(self.recoveries) if self.recoveries else 0.0
        kinds = ", ".join(f"{kind} {times}" for kind, times in sorted(self.faults.items()))
        return (
            f"seed {self.seed}: {self.seconds:.0f} s of faults, {self.faults.total()} faults ({kinds}); "
            f"{self.promises} promises, {self.facts} facts, {self.mails} mails; "
            f"recovery p50 {median:.1f} s, max {longest:.1f} s; {len(self.flaws)} flaws"
        )


@dataclass
class Rig:
    """A running system, wires in front of its servers, and its people."""

    system: System
    surroundings: Surroundings
    crowd: Crowd
    outcome: Outcome
    settles_within: float = 60.0
    """Seconds in which something has to come through when nothing fails any more."""

    @property
    def promises(self) -> Promises:
        """What was promised so far."""
        return self.crowd.promises

    async def run(self, *, seconds: float, kinds: Sequence[str] = tuple(FAULTS)) -> Outcome:
        """So long people and faults were at it; then all that is under way came to its end, and was judged."""
        stopping = asyncio.Event()
        living = asyncio.create_task(self.crowd.live(stopping))
        start = time.monotonic()
        try:
            await self._disturb(start + seconds, kinds)
        finally:
            self.outcome.seconds = time.monotonic() - start
            stopping.set()
        await living
        await self.surroundings.let_an_hour_pass_for_the_post()
        self.outcome.flaws = await self.judged()
        return self.outcome

    async def _disturb(self, until: float, kinds: Sequence[str]) -> None:
        chance = self.surroundings.chance
        left: list[str] = []
        while time.monotonic() < until:
            left = left or chance.sample(kinds, len(kinds))
            await asyncio.sleep(chance.uniform(0.3, 2.0))
            kind = left.pop()
            self.outcome.faults[kind] += 1
            await self.surroundings.strike(kind)
            over = time.monotonic()
            if await self._recovered():
                self.outcome.recoveries.append(time.monotonic() - over)
            else:
                self.promises.broken_doors.append(f"after '{kind}' not everybody was ready again in time")

    async def _recovered(self) -> bool:
        deadline = time.monotonic() + _RECOVERS_WITHIN
        async with client_of("http://127.0.0.1") as client:
            while time.monotonic() < deadline:
                ready = [await one.ready(client) for one in self.system.supervisor.kept.values()]
                if all(ready):
                    return True
                await asyncio.sleep(_LOOK_AGAIN)
        return False

    async def judged(self) -> list[str]:
        """The flaws that remain when everything has had time to settle: nothing gets better any more."""
        fewest, deadline = sys.maxsize, 0.0
        deployment = self.surroundings.deployment

        def _token(_: str | None) -> str:
            return deployment.token(
                *SECRETARIAT, valid_for=timedelta(hours=8)
            )  # the post lives three hours ahead

        async with Doors(deployment.addresses, _token) as doors:
            while True:
                try:
                    found = await self._judged_once(doors)
                except (DoorRefused, NoAnswer, httpx.HTTPError) as failure:
                    found = [repr(failure)]
                if len(found) < fewest:  # many letters take their time
                    fewest, deadline = len(found), time.monotonic() + self.settles_within
                if not found or time.monotonic() > deadline:
                    return found
                await asyncio.sleep(2)

    async def _judged_once(self, doors: Doors) -> list[str]:
        again = await replayed(self.system, self.surroundings.deployment)
        books = await read_books(
            self.system, self.surroundings.deployment, doors, self.crowd.edition_ids(), replayed=again
        )
        self._count(books)
        return flaws(self.promises, books, poison_fed=self.surroundings.poison_fed)

    def _count(self, books: Books) -> None:
        self.outcome.facts = sum(len(one) for name, one in books.streams.items() if name != "SUMMIT")
        self.outcome.promises = len(self.promises.made)
        self.outcome.mails = len(books.mail)


@asynccontextmanager
async def rig(directory: Path, seed: int, *, mutant: str | None = None) -> AsyncIterator[Rig]:
    """Everything runs, in the spring of 2022; with a mutant, every service is one."""
    chance = Random(seed)
    clock = spring()
    async with AsyncExitStack() as stack:
        machine = stack.enter_context(machine_at(directory, clock))
        nats = await stack.enter_async_context(Wire(machine.nats.port))
        postgres = await stack.enter_async_context(Wire(machine.postgres.port))

        def program(name: str, port: int, told: Mapping[str, str]) -> Program:
            url = urlsplit(told["SUMMIT_DATABASE_URL"])
            behind = url._replace(netloc=f"{url.username}@{url.hostname}:{postgres.port}").geturl()
            wired = {"SUMMIT_NATS_URL": f"nats://127.0.0.1:{nats.port}", "SUMMIT_DATABASE_URL": behind}
            package = f"summit_{name}"
            how = ("-m", "summit_testkit.chaos.mutated", mutant, package) if mutant else ("-m", package)
            return Program(name, (sys.executable, *how, "serve"), port, {**told, **wired})

        patience = Patience(longest_delay=0.4, early_crashes=20)
        system = await stack.enter_async_context(
            System(machine, clock, tell=lambda _: None, program=program, patience=patience)
        )
        deployment, mailbox = (
            system.deployment,
            machine.mailbox,
        )  # known now: by their processes they are not found later
        surroundings = Surroundings(system, deployment, nats, postgres, chance, directory)
        crowd = Crowd(lambda name: Outsider(deployment, mailbox, name), Promises(), Random(seed))
        running = Rig(system, surroundings, crowd, Outcome(seed))
        if mutant:  # it is known to go wrong: nobody waits long for it to come right
            crowd.patience = running.settles_within = 25.0
        yield running
