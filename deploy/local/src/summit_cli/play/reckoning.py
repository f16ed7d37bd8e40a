"""The end of the play: whether each service's own count equals what the streams say."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nats.aio.client import Client

from summit_cli.play.doors import Doors
from summit_cli.play.tally import Tally
from summit_contracts.fact import Stream
from summit_contracts.notifications import LetterSent
from summit_contracts.pledges import PledgeMade
from summit_contracts.registration import BilateralRequested, DelegationState
from summit_contracts.scheduling import BilateralArranged

_LOOK_AGAIN_SECONDS = 0.3
_PATIENCE_SECONDS = 30.0
_QUIET = 2
"""So many readings in a row without anything new mean that nothing more comes."""


@dataclass(frozen=True)
class Line:
    """One line of the reconciliation: the same thing counted by a service and from the streams."""

    what: str
    service: int
    stream: int

    @property
    def agrees(self) -> bool:
        """Whether both counts are the same."""
        return self.service == self.stream


@dataclass(frozen=True)
class Outcome:
    """What came of it all."""

    counts: Mapping[str, Mapping[str, Any]]
    """What each service counts."""
    tally: Tally
    timetable: Mapping[str, Any] | None
    """The last published one; none before the first."""
    lines: tuple[Line, ...]
    dead_letters: int

    @property
    def agrees(self) -> bool:
        """Whether all counts are the same and nothing was set aside."""
        return self.dead_letters == 0 and all(line.agrees for line in self.lines)


def _bilaterals(tally: Tally) -> int:
    return tally.of(BilateralRequested) + tally.of(BilateralArranged)


_Comparison = tuple[str, str, str, Callable[[Tally], int]]
_COMPARISONS: tuple[_Comparison, ...] = (
    ("invitations", "registration", "invited", lambda tally: len(tally.invited)),
    ("delegations registered", "registration", "registered", lambda tally: len(tally.delegations)),
    (
        "delegations confirmed",
        "registration",
        "confirmed",
        lambda tally: list(tally.delegations.values()).count(DelegationState.CONFIRMED),
    ),
    ("wishes, as registration counts", "registration", "wishes", lambda tally: tally.of(BilateralRequested)),
    ("bilaterals, as scheduling knows", "scheduling", "requested", _bilaterals),
    ("wishes declined", "scheduling", "declined", lambda tally: len(tally.declined)),
    ("meetings placed", "scheduling", "placed", lambda tally: len(tally.placed)),
    ("pledges", "pledges", "pledges", lambda tally: tally.of(PledgeMade)),
    ("letters sent", "notifications", "sent", lambda tally: tally.of(LetterSent)),
    ("invitations, as the portal shows", "portal", "participations", lambda tally: len(tally.invited)),
    ("bilaterals, as the portal shows", "portal", "meetings", _bilaterals),
    ("pledges, as the portal shows", "portal", "pledges", lambda tally: tally.of(PledgeMade)),
    ("public facts, as webhooks keep", "webhooks", "facts", lambda tally: tally.facts[Stream.SUMMIT].total()),
)


@dataclass
class Reckoning:
    """Counts an edition from both sides until nothing moves any more."""

    doors: Doors
    client: Client
    edition_id: str
    _tally: Tally = field(init=False)

    def __post_init__(self) -> None:
        self._tally = Tally(self.edition_id)

    async def outcome(self) -> Outcome:
        """How both sides stand once they agree and nothing new comes; as they are, if that takes too long."""
        quiet = 0
        deadline = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while True:
            outcome = await self._reading()
            quiet = 0 if await self._tally.catch_up(self.client) else quiet + 1
            is_late = asyncio.get_running_loop().time() > deadline
            if is_late or (outcome.agrees and quiet >= _QUIET):
                return outcome
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)

    async def _reading(self) -> Outcome:
        await self._tally.catch_up(self.client)
        counts = {service: await self._counts(service) for service in self.doors.services}
        return Outcome(
            counts,
            self._tally,
            await self._timetable(counts),
            tuple(
                Line(what, counts[service][name], count(self._tally))
                for what, service, name, count in _COMPARISONS
                if service in counts
            ),
            await self._dead_letters(),
        )

    async def _counts(self, service: str) -> Any:
        return await self.doors.get(service, f"/editions/{self.edition_id}/counts")

    async def _timetable(self, counts: Mapping[str, Any]) -> Any:
        if not counts.get("scheduling", {}).get("timetables"):
            return None
        return await self.doors.get("scheduling", f"/editions/{self.edition_id}/timetables/latest")

    async def _dead_letters(self) -> int:
        """How many messages wait to be looked at by a person, in all services."""
        return sum(
            [len(await self.doors.get(service, "/admin/dead-letters")) for service in self.doors.services]
        )
