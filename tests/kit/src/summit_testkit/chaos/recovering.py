"""How long it takes after a fault until every service says that it can work, and who was the last, and why."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx

from summit_cli.play.doors import client_of
from summit_cli.processes import Kept
from summit_cli.system import System

_WITHIN = 90.0  # seconds
_LOOK_AGAIN = 0.25
_ANSWERS_WITHIN = 2.5
"""A little longer than a service gives its own checks."""


@dataclass
class Recovery:
    """What was seen from the end of a fault until all were ready."""

    kind: str
    at: datetime
    seconds: float = 0.0
    is_over: bool = False
    """Whether all were ready in time."""
    waited_for: Counter[str] = field(default_factory=Counter)
    """Seconds for which each service said each thing against itself."""

    def __str__(self) -> str:
        said = "; ".join(f"{seconds:.1f} s {why}" for why, seconds in self.waited_for.most_common(4))
        return f"{self.seconds:.1f} s after '{self.kind}' at {self.at:%H:%M:%S}: {said or 'nothing'}"


async def recovered(system: System, kind: str) -> Recovery:
    """All services said in one moment that they can work, or the time was over."""
    seen = Recovery(kind, datetime.now(UTC))
    start = looked = time.monotonic()
    async with client_of("http://127.0.0.1") as client:
        while not seen.is_over and seen.seconds < _WITHIN:
            kept = system.supervisor.kept.values()
            faults = [
                one
                for found in await asyncio.gather(*(_faults(one, client) for one in kept))
                for one in found
            ]
            now = time.monotonic()
            for fault in faults:
                seen.waited_for[fault] += now - looked  # type: ignore[assignment]  # seconds are counted
            looked, seen.seconds, seen.is_over = now, now - start, not faults
            if faults:
                await asyncio.sleep(_LOOK_AGAIN)
    return seen


async def _faults(one: Kept, client: httpx.AsyncClient) -> list[str]:
    """What a service has against itself, in as few words as tell it apart."""
    name = one.program.name
    if not one.alive:
        return [f"{name} is not running"]
    try:
        url = f"http://127.0.0.1:{one.program.port}/health/ready"
        answer = await client.get(url, timeout=_ANSWERS_WITHIN)
        checks = answer.json()["checks"]
    except httpx.ConnectError:
        return [f"{name} starts"]
    except (httpx.HTTPError, ValueError, KeyError) as failure:
        return [f"{name} does not answer ({type(failure).__name__})"]
    return [
        f"{name}'s {check}: {said.partition(' for ')[0][:60]}"
        for check, said in checks.items()
        if said != "ok"
    ]
