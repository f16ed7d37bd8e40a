"""The rig: everything runs as processes, people use it, faults happen by a seed, and in the end the judge has the word."""

import asyncio
import statistics
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from summit_chassis.identity import SECRETARIAT
from summit_cli.play.doors import Doors
from summit_cli.processes import Patience, Program
from summit_cli.system import System
from summit_testkit.chaos.books import Books, read_books
from summit_testkit.chaos.faults import Surroundings
from summit_testkit.chaos.judging import Flaw, Kind, flaws
from summit_testkit.chaos.mutated import MUTANTS
from summit_testkit.chaos.people import Crowd
from summit_testkit.chaos.promises import Promises
from summit_testkit.chaos.recovering import Recovery, recovered
from summit_testkit.chaos.replaying import replayed
from summit_testkit.chaos.wire import Wire
from summit_testkit.disk import disk_at
from summit_testkit.eventually import eventually
from summit_testkit.scenarios import Outsider
from summit_testkit.together import machine_at, spring

_LONGEST_SETTLING = 900.0
"""Seconds after which it is judged although things still move."""
_SHOWN = 3
_HOURS = 6
"""The most that pass for letters which wait for their next attempt."""
_LOAD = 10
"""Promises before the first fault."""
_UNDER_LOAD_WITHIN = 120.0


@dataclass
class Outcome:
    """What came of a run."""

    seed: int
    flaws: Sequence[Flaw] = ()
    faults: Counter[str] = field(default_factory=Counter)
    recoveries: list[Recovery] = field(default_factory=list)
    facts: int = 0
    promises: int = 0
    mails: int = 0
    seconds: float = 0.0
    """How long faults went on."""
    settled: float = 0.0
    """Seconds from the last request until the books balanced, or until nothing moved any more."""

    @property
    def kinds(self) -> set[Kind]:
        """What is wrong."""
        return {one.kind for one in self.flaws}

    @property
    def slowest(self) -> list[Recovery]:
        """The recoveries that took longest, the longest first."""
        return sorted(self.recoveries, key=lambda one: -one.seconds)

    @property
    def recovery(self) -> tuple[float, float]:
        """Median and longest, in seconds; zero where nothing had to recover."""
        times = [one.seconds for one in self.recoveries] or [0.0]
        return statistics.median(times), max(times)

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {times}" for kind, times in sorted(self.faults.items()))
        median, longest = self.recovery
        counts = (
            f"seed {self.seed}: {self.seconds:.0f} s of faults, {self.faults.total()} faults ({kinds}); "
            f"{self.promises} promises, {self.facts} facts, {self.mails} mails; "
            f"recovery p50 {median:.1f} s, max {longest:.1f} s; "
            f"{len(self.flaws)} flaws {self.settled:.0f} s after the last request"
        )
        shown = [
            f"{kind}, {len(of_it)} times: " + "; ".join(of_it[:_SHOWN])
            for kind in sorted(self.kinds)
            if (of_it := [one.says for one in self.flaws if one.kind is kind])
        ]
        lines = [counts, *map(str, self.slowest[:_SHOWN]), *shown]
        return "\n".join(lines)


@dataclass
class Rig:
    """A running system, wires in front of its servers, and its people."""

    system: System
    surroundings: Surroundings
    crowd: Crowd
    outcome: Outcome
    settles_within: float = 60.0
    """Seconds without any movement after which nothing more is expected."""

    @property
    def promises(self) -> Promises:
        """What was promised so far."""
        return self.crowd.promises

    async def run(self, *, seconds: float, kinds: Sequence[str] | None = None) -> Outcome:
        """So long people and faults of these kinds, else of all, were at it; then all under way came to its end, and was judged."""
        chosen = self.surroundings.possible if kinds is None else kinds
        return await self.lived_through(lambda: self._disturb(time.monotonic() + seconds, chosen))

    async def lived_through(self, happens: Callable[[], Awaitable[None]]) -> Outcome:
        """This happened while people were at it; then all that was under way came to its end, and was judged."""
        stopping = asyncio.Event()
        living = asyncio.create_task(self.crowd.live(stopping))
        await eventually(self._is_under_load, within=_UNDER_LOAD_WITHIN)
        start = time.monotonic()
        try:
            await happens()
        finally:
            self.outcome.seconds = time.monotonic() - start
            stopping.set()
        await living
        start = time.monotonic()
        await self._let_an_hour_pass()
        self.outcome.flaws = await self.judged()
        self.outcome.settled = time.monotonic() - start
        return self.outcome

    async def _is_under_load(self) -> None:
        assert len(self.promises.made) >= _LOAD

    async def _disturb(self, until: float, kinds: Sequence[str]) -> None:
        chance = self.surroundings.chance
        left: list[str] = []
        while time.monotonic() < until:
            await asyncio.sleep(chance.uniform(0.3, 2.0))
            if not kinds:
                continue
            left = left or chance.sample(kinds, len(kinds))
            kind = left.pop()
            self.outcome.faults[kind] += 1
            await self.surroundings.strike(kind)
            recovery = await recovered(self.system, kind)
            self.outcome.recoveries.append(recovery)
            if not recovery.is_over:
                self.promises.broken_doors.append(f"not everybody was ready again: {recovery}")

    async def judged(self) -> list[Flaw]:
        """The flaws that remain when everything has come to rest: while anything moves, it is waited for."""
        deployment = self.surroundings.deployment

        def _token(_: str | None) -> str:  # the post lives some hours ahead
            return deployment.token(*SECRETARIAT, valid_for=timedelta(hours=8))

        start = moved_at = time.monotonic()
        before = ""
        async with Doors(deployment.addresses, _token) as doors:
            while True:
                now = time.monotonic()
                is_at_rest = now - moved_at > self.settles_within or now - start > _LONGEST_SETTLING
                try:
                    found, stands = await self._judged_once(doors, thoroughly=is_at_rest)
                except Exception as failure:  # noqa: BLE001  # whatever keeps the judge from looking: it looks again
                    found, stands = [Flaw(Kind.REFUSED, f"the judge: {failure!r}")], before
                if not found:
                    return found
                if stands == before and self._is_for_the_post(found):
                    await self._let_an_hour_pass()
                    moved_at = time.monotonic()
                elif is_at_rest:
                    return found
                elif stands != before:
                    before, moved_at = stands, time.monotonic()
                await asyncio.sleep(1)

    async def _let_an_hour_pass(self) -> None:
        await self.surroundings.let_an_hour_pass_for_the_post()
        await recovered(self.system, "an hour for the post")

    def _is_for_the_post(self, found: Sequence[Flaw]) -> bool:
        """Nothing is wrong but that letters wait for their time."""
        return {one.kind for one in found} == {Kind.LETTER} and self.surroundings.hours_of_the_post < _HOURS

    async def _judged_once(self, doors: Doors, *, thoroughly: bool) -> tuple[list[Flaw], str]:
        """What is wrong, and how everything stands; two times the same means that nothing moved.

        The portal is compared with a replay when nothing else is wrong, or when asked to.
        """
        deployment, poison_fed = self.surroundings.deployment, self.surroundings.poison_fed
        books = await read_books(self.system, deployment, doors, self.crowd.edition_ids())
        self._count(books)
        found = flaws(self.promises, books, poison_fed=poison_fed)
        if thoroughly or not found:
            books = replace(books, replayed=await replayed(self.system, deployment))
            found = flaws(self.promises, books, poison_fed=poison_fed)
        return found, books.stand

    def _count(self, books: Books) -> None:
        self.outcome.facts = sum(len(one) for name, one in books.streams.items() if name != "SUMMIT")
        self.outcome.promises = len(self.promises.made)
        self.outcome.mails = len(books.mail)


@asynccontextmanager
async def rig(
    directory: Path,
    seed: int,
    *,
    mutant: str | None = None,
    people: int = 4,
    told: Mapping[str, str] | None = None,
) -> AsyncIterator[Rig]:
    """Everything runs, in the spring of 2022; with a mutant's name, every service is one, and with `nothing` one that dies like it; all are told that besides."""
    chance = Random(seed)
    clock = spring()
    async with AsyncExitStack() as stack:
        disks = {name: stack.enter_context(disk_at(directory / name)) for name in ("nats", "postgres")}
        machine = stack.enter_context(machine_at(directory, clock))
        nats = await stack.enter_async_context(Wire(machine.nats.port))
        postgres = await stack.enter_async_context(Wire(machine.postgres.port))

        def program(name: str, port: int, environment: Mapping[str, str]) -> Program:
            url = urlsplit(environment["SUMMIT_DATABASE_URL"])
            behind = url._replace(netloc=f"{url.username}@{url.hostname}:{postgres.port}").geturl()
            wired = {"SUMMIT_NATS_URL": f"nats://127.0.0.1:{nats.port}", "SUMMIT_DATABASE_URL": behind}
            if mutant:
                wired["SUMMIT_MAX_ATTEMPTS"] = "2"  # what is not accepted is set aside at once
            package = f"summit_{name}"
            how = ("-m", "summit_testkit.chaos.mutated", mutant, package) if mutant else ("-m", package)
            return Program(
                name, (sys.executable, *how, "serve"), port, {**environment, **wired, **(told or {})}
            )

        patience = Patience(longest_delay=0.4, early_crashes=20)
        system = await stack.enter_async_context(
            System(machine, clock, tell=lambda _: None, program=program, patience=patience)
        )
        deployment, mailbox = (
            system.deployment,
            machine.mailbox,
        )  # known now: by their processes they are not found later
        surroundings = Surroundings(system, deployment, nats, postgres, chance, directory, disks)
        crowd = Crowd(lambda name: Outsider(deployment, mailbox, name), Promises(), Random(seed), people)
        running = Rig(system, surroundings, crowd, Outcome(seed))
        if mutant in MUTANTS:  # it is known to go wrong: nobody waits long for it to come right
            crowd.patience = running.settles_within = 40.0
        yield running
