"""How a deployment stands: whether each service can work, what the streams hold, what was set aside."""

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import httpx
from rich.console import Console
from rich.table import Table

from summit_chassis.identity import Role
from summit_cli.deployment import Deployment
from summit_cli.play.doors import DoorRefused, Doors, NoAnswer, client_of
from summit_cli.refusals import CannotDo
from summit_cli.services import SERVICES
from summit_cli.state import State
from summit_cli.streams import last_seq
from summit_contracts.fact import Stream

_ANSWER_WITHIN = 4.0  # seconds; a check itself takes at most two


@dataclass(frozen=True)
class Standing:
    """A deployment at one moment."""

    checks: Mapping[str, Mapping[str, str]]
    """What each service says of each of its parts: `ok`, or what is wrong."""
    facts: Mapping[str, int]
    """The last sequence of each stream; empty where NATS does not answer."""
    dead_letters: Mapping[str, Counter[str]]
    """How many each service has set aside, by reason; services that do not say are missing."""
    clock: str

    @property
    def is_well(self) -> bool:
        """Whether everything can work and nothing waits for a person."""
        faults = [fault for checks in self.checks.values() for fault in checks.values() if fault != "ok"]
        return not faults and bool(self.facts) and not any(self.dead_letters.values())


async def looked_up(deployment: Deployment) -> Standing:
    """How it stands now; what does not answer is part of the picture."""
    missing = {name: {"process": "does not run"} for name in SERVICES if name not in deployment.addresses}
    checks = {name: await _checks(address) for name, address in deployment.addresses.items()}
    return Standing(
        checks | missing,
        await _facts(deployment),
        await _dead_letters(deployment, checks),
        str(deployment.clock),
    )


async def _checks(address: str) -> Mapping[str, str]:
    try:
        async with client_of(address, within=_ANSWER_WITHIN) as client:
            answer = (await client.get("/health/ready")).json()
    except (httpx.HTTPError, ValueError) as problem:
        return {"http": f"no answer: {type(problem).__name__}"}
    checks: Mapping[str, str] = answer["checks"]
    return checks


async def _facts(deployment: Deployment) -> Mapping[str, int]:
    try:
        async with deployment.broker() as client:
            return {stream.value: await last_seq(client, stream) for stream in Stream}
    except CannotDo:
        return {}


async def _dead_letters(
    deployment: Deployment, checks: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Counter[str]]:
    answering = {name: deployment.addresses[name] for name, found in checks.items() if "http" not in found}
    counted: dict[str, Counter[str]] = {}
    async with Doors(answering, lambda _: deployment.token(Role.ADMIN)) as doors:
        for name in doors.services:
            try:
                counted[name] = Counter(one["reason"] for one in await doors.get(name, "/admin/dead-letters"))
            except (DoorRefused, NoAnswer):
                continue  # its checks say why
    return counted


def show(console: Console, standing: Standing, state: State | None) -> None:
    """The standing is on the screen, with the processes of this machine if `state` knows them."""
    if state is not None:
        console.print(_processes(state))
        console.print()
    table = Table("service", "can work", "dead letters", box=None)
    table.add_column("what is wrong", overflow="fold")
    for name, checks in standing.checks.items():
        faults = [f"{part}: {fault}" for part, fault in checks.items() if fault != "ok"]
        aside = standing.dead_letters.get(name)
        waiting = "?" if aside is None else str(aside.total())
        reasons = [
            f"dead letters: {reason} ({count})" for reason, count in (aside or Counter()).most_common(3)
        ]
        word = "[red]no[/red]" if faults else f"[green]yes[/green] ({len(checks)} checks)"
        table.add_row(name, word, waiting, "\n".join([*faults, *reasons]))
    console.print(table)
    facts = ", ".join(f"{name} {count}" for name, count in standing.facts.items())
    console.print(f"\nMessages in streams: {facts or '[red]NATS does not answer[/red]'}", highlight=False)
    console.print(f"The services' clock shows {standing.clock}.", highlight=False)


def _processes(state: State) -> Table:
    table = Table("process", "pid", "port", "since (UTC)", "restarts", box=None)
    table.add_column(f"log, in {state.directory}", overflow="fold")
    for process in state.running():
        table.add_row(
            process.name,
            str(process.pid),
            str(process.port),
            f"{process.started_at:%Y-%m-%d %H:%M:%S}",
            str(process.restarts),
            os.path.relpath(process.log, state.directory),
        )
    return table
