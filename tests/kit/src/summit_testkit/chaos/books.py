"""What can be seen from outside when all is over: streams, doors, the mailbox, dead letters, and the portal's read model."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx

from summit_cli.deployment import Deployment
from summit_cli.play.doors import DoorRefused, Doors
from summit_cli.streams import stored
from summit_cli.system import System
from summit_contracts.fact import Stream

PUBLIC = (Stream.REGISTRATION, Stream.SCHEDULING, Stream.PLEDGES, Stream.NOTIFICATIONS)
_DOCUMENTS = "SELECT json_agg(json_build_array(edition_id, kind, key, document) ORDER BY edition_id, kind, key) FROM records"


@dataclass(frozen=True)
class Told:
    """One fact as a stream holds it, read as JSON and nothing more."""

    seq: int
    event_id: str
    aggregate: str
    version: int
    name: str
    """`delegation_registered` and the like."""
    about: Mapping[str, Any]


@dataclass(frozen=True)
class Books:
    """Everything at one moment."""

    streams: Mapping[str, Sequence[Told]]
    junk: int
    """Messages that are no facts."""
    delegations: Mapping[tuple[str, str], Mapping[str, Any]]
    """By summit and invitee, as registration shows them."""
    bilaterals: Mapping[str, Mapping[str, Any]]
    """As scheduling shows them."""
    pledges: Mapping[str, Mapping[str, Any]]
    """As pledges shows them."""
    letters: Mapping[str, Mapping[str, Any]]
    """As notifications shows them."""
    mail: Sequence[tuple[str, str]]
    """Message-ID and recipient of each mail that arrived, in order."""
    dead_letters: Sequence[str]
    """What each service set aside, in words."""
    webhooks_heard: Mapping[str, int]
    """Facts of each summit, as webhooks counts them."""
    shown: Any
    """The portal's read model."""
    unknown: Sequence[str] = ()
    """Summits that a service should know and does not, in words."""
    replayed: Any = None
    """The same, made from sequence 1 of every stream; none where that was not done."""

    @property
    def stand(self) -> str:
        """Everything in a few words that change with whatever moves."""
        said = repr((
            {name: len(stream) for name, stream in self.streams.items()},
            self.delegations, self.bilaterals, self.pledges, self.letters,
            len(self.mail), self.dead_letters, self.webhooks_heard, self.shown,
        ))  # fmt: skip
        return sha256(said.encode()).hexdigest()


async def read_books(
    system: System, deployment: Deployment, doors: Doors, edition_ids: Sequence[str]
) -> Books:
    """The books as they are now, without a replay."""
    streams, junk = await _streams(deployment)
    lists = _Lists(doors, edition_ids)
    return Books(
        streams,
        junk,
        {
            (edition_id, str(one["invitee"])): one
            for edition_id, one in await lists.of("registration", "delegations")
        },
        {str(one["bilateral_id"]): one for _, one in await lists.of("scheduling", "bilaterals")},
        {str(one["pledge_id"]): one for _, one in await lists.of("pledges", "pledges")},
        {
            str(one["letter_id"]): {**one, "edition_id": edition_id}
            for edition_id, one in await lists.of("notifications", "letters")
        },
        _mail(system),
        await _dead_letters(doors),
        {
            edition_id: int((await doors.get("webhooks", f"/editions/{edition_id}/counts"))["facts"])
            for edition_id in edition_ids
        },
        shown(system, "portal"),
        lists.unknown,
    )


async def _streams(deployment: Deployment) -> tuple[dict[str, list[Told]], int]:
    """Every public stream, and how many messages of its services' streams are no facts."""
    streams: dict[str, list[Told]] = {}
    junk = 0
    async with deployment.broker() as client:
        for stream in (*PUBLIC, Stream.SUMMIT):
            told = [_told(one.seq, one.subject, one.data) async for one in stored(client, stream)]
            streams[stream.value] = [one for one in told if one]
            junk += sum(one is None for one in told) if stream is not Stream.SUMMIT else 0
    return streams, junk


class _Lists:
    """What services show of all summits."""

    def __init__(self, doors: Doors, edition_ids: Sequence[str]) -> None:
        self._doors = doors
        self._edition_ids = edition_ids
        self.unknown: list[str] = []

    async def of(self, service: str, what: str) -> list[tuple[str, dict[str, Any]]]:
        """Everything of that kind, each with its summit; nothing of a summit that the service has not heard of."""
        found: list[tuple[str, dict[str, Any]]] = []
        for edition_id in self._edition_ids:
            try:
                pages = self._doors.pages(service, f"/editions/{edition_id}/{what}", limit=100)
                found += [(edition_id, one) async for one in pages]
            except DoorRefused as refused:
                if refused.status != httpx.codes.NOT_FOUND:
                    raise
                self.unknown.append(f"{service} does not know {edition_id}")
        return found


def shown(system: System, database: str) -> Any:
    """What the portal keeps in this database."""
    return json.loads(system.machine.postgres.execute(_DOCUMENTS, database=database) or "[]")


def _told(seq: int, subject: str, payload: bytes) -> Told | None:
    try:
        event = json.loads(payload)
        return Told(
            seq,
            event["id"],
            f"{event['source']}/{event['aggregateid']}",
            event["aggregateversion"],
            subject.split(".")[3],
            event["data"],
        )
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def _mail(system: System) -> list[tuple[str, str]]:
    mailbox = system.machine.mailbox
    return [(str(one["Message-ID"]).strip("<>"), str(one["To"])) for one in mailbox.messages()]


async def _dead_letters(doors: Doors) -> list[str]:
    return [
        f"{service}: {one['reason']} ({one['subject']})"
        for service in doors.services
        for one in await doors.get(service, "/admin/dead-letters")
    ]
