"""Where a process can be killed or put to sleep: at every step between a commit and its effect, once.

Only a probe's own process is changed, and only when it was asked to die; nothing of this is in what it tests.
"""

import functools
import inspect
import os
import signal
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nats.aio.client import Client

from summit_chassis import relay
from summit_chassis.connection import SummitClient
from summit_chassis.database import Transaction
from summit_chassis.inbox import Inbox
from summit_testkit.probe import workload
from summit_testkit.probe.services import ProbeUnit


@dataclass(frozen=True)
class Place:
    """A function of the chassis, and whether death comes before or after its `nth` call."""

    role: str
    """Which process dies: `write`, `relay` or `hear`."""
    owner: Any
    name: str
    is_after: bool
    nth: int = 2
    is_halved: bool = False
    """Its last call is made with the first half of what it was given."""


PLACES = {
    "publisher: before commit": Place("write", Transaction, "write", is_after=True, nth=9),
    "publisher: after commit": Place("write", workload, "_commit", is_after=True, nth=9),
    "relay: before publishing": Place("relay", relay, "publish", is_after=False),
    "relay: in the batch": Place("relay", SummitClient, "send_all", is_after=True, is_halved=True, nth=1),
    "relay: after acknowledgement, before mark": Place("relay", relay, "publish", is_after=True),
    "relay: marked, before commit": Place("relay", relay.Relay, "_mark", is_after=True),
    "hearer: batch fetched": Place("hear", Inbox, "apply", is_after=False),
    "hearer: in the batch": Place("hear", ProbeUnit, "note", is_after=True, nth=11),
    "hearer: before commit": Place("hear", Transaction, "write", is_after=True),
    "hearer: after commit, before acknowledgement": Place("hear", Inbox, "apply", is_after=True),
    "hearer: in the acknowledgements": Place(
        "hear", SummitClient, "send_all", is_after=True, is_halved=True, nth=1
    ),
}


@dataclass(frozen=True)
class Death:
    """Dying at a place, once: `marker` says that it has happened. By SIGSTOP it is a sleep, until somebody sends SIGCONT."""

    place: str
    marker: Path
    by: signal.Signals = signal.SIGKILL

    @property
    def role(self) -> str:
        """Which process dies."""
        return PLACES[self.place].role

    def prepare(self) -> None:
        """This process will die there, if none has before."""
        if self.marker.exists():
            return
        place = PLACES[self.place]
        original = getattr(place.owner, place.name)
        setattr(place.owner, place.name, self._deadly(original, place))

    def _deadly(self, original: Any, place: Place) -> Any:
        calls = 0

        def is_the_one() -> bool:
            nonlocal calls
            calls += 1
            return calls == place.nth

        @functools.wraps(original)
        async def deadly(*args: Any, **kwargs: Any) -> Any:
            dies = is_the_one()
            if dies and not place.is_after:
                self._die()
            if dies and place.is_halved:
                args = (*args[:-1], args[-1][: len(args[-1]) // 2])
            result = await original(*args, **kwargs)
            if dies:
                await _flush(args)
                self._die()
            return result

        @functools.wraps(original)
        def deadly_at_once(*args: Any, **kwargs: Any) -> Any:
            result = original(*args, **kwargs)
            if is_the_one():
                self._die()
            return result

        return deadly if inspect.iscoroutinefunction(original) else deadly_at_once

    def _die(self) -> None:
        self.marker.touch()
        os.kill(os.getpid(), self.by)


async def _flush(args: tuple[Any, ...]) -> None:
    """What was sent until now is with the server, so that the half of it is there and not nothing."""
    client = getattr(args[0], "_client", args[0]) if args else None
    if isinstance(client, Client):
        await client.flush()
