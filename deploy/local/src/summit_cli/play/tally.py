"""What the streams say has come of a summit: a count of facts, and the state that follows from them."""

from collections import Counter
from dataclasses import dataclass, field

from nats.aio.client import Client

from summit_cli.streams import read, stored
from summit_contracts.fact import Fact, Stream
from summit_contracts.registration import (
    DelegationConfirmed,
    DelegationRegistered,
    DelegationState,
    DelegationWithdrawn,
    InvitationIssued,
)
from summit_contracts.scheduling import (
    BilateralCancelled,
    BilateralDeclined,
    BilateralMoved,
    BilateralScheduled,
    BilateralUnplaced,
)

_SECONDS = 10.0
STREAMS = tuple(stream for stream in Stream if stream is not Stream.DEAD)
"""Those that hold facts."""
_READ = tuple(stream for stream in STREAMS if stream is not Stream.PERSONAL)


@dataclass
class Tally:
    """One edition as the streams have it; reading them again adds what is new."""

    edition_id: str
    facts: dict[Stream, Counter[str]] = field(
        default_factory=lambda: {stream: Counter() for stream in STREAMS}
    )
    """How many facts of each name."""
    invited: set[str] = field(default_factory=set)
    delegations: dict[str, DelegationState] = field(default_factory=dict)
    declined: set[str] = field(default_factory=set)
    placed: set[str] = field(default_factory=set)
    seen: dict[Stream, int] = field(default_factory=lambda: dict.fromkeys(STREAMS, 0))
    """The last sequence that was read."""

    async def catch_up(self, client: Client) -> int:
        """Everything the streams hold by now is counted; how many messages that were."""
        before = sum(self.seen.values())
        for stream in _READ:
            async for message in stored(client, stream, first=self.seen[stream] + 1):
                self.seen[stream] = message.seq
                envelope = read(message)
                if envelope and envelope.data.edition_id == self.edition_id:
                    self.count(stream, envelope.data)
        await self._count_personal(client)
        return sum(self.seen.values()) - before

    async def _count_personal(self, client: Client) -> None:
        """Facts that name or reach a person are counted by their subjects; who plays a summit may not read them."""
        subjects = f"summit-personal.{self.edition_id}.>"
        stream = await client.jetstream(timeout=_SECONDS).stream_info(
            Stream.PERSONAL.value, subjects_filter=subjects
        )
        self.seen[Stream.PERSONAL] = int(stream.state.last_seq)
        counted: Counter[str] = Counter()
        for subject, messages in (stream.state.subjects or {}).items():
            counted[subject.split(".")[3]] += messages
        self.facts[Stream.PERSONAL] = counted

    def of(self, fact: type[Fact]) -> int:
        """How many of these facts their own stream holds."""
        return self.facts[fact.STREAM][_name(fact)]

    def count(self, stream: Stream, fact: Fact) -> None:
        """The fact, read from that stream, is counted, and what it changed."""
        self.facts[stream][_name(type(fact))] += 1
        if stream is not fact.STREAM:  # a copy in SUMMIT
            return
        match fact:
            case InvitationIssued():
                self.invited.add(fact.invitee)
            case DelegationRegistered() | DelegationConfirmed():
                self.delegations[fact.invitee] = fact.state
            case DelegationWithdrawn():
                self.delegations[fact.invitee] = DelegationState.WITHDRAWN
            case BilateralDeclined():
                self.declined.add(fact.bilateral_id)
            case BilateralScheduled() | BilateralMoved():
                self.placed.add(fact.bilateral_id)
            case BilateralUnplaced() | BilateralCancelled():
                self.placed.discard(fact.bilateral_id)
            case _:
                pass


def _name(fact: type[Fact]) -> str:
    return fact.schema_name().split(".")[1]
