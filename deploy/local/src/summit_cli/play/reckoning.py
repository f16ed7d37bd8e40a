"""The end of the play: what came of it, and whether each service's own count equals what the streams say."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from rich.console import Console
from rich.table import Table

from summit_chassis import broker
from summit_cli.play.doors import Doors
from summit_contracts.catalogue import Unheard, parse
from summit_contracts.fact import Stream

_BATCH = 500


@dataclass(frozen=True)
class Line:
    """One line of the reconciliation: the same thing counted by a service and by its stream."""

    what: str
    service: int
    stream: int

    @property
    def agrees(self) -> bool:
        """Whether both counts are the same."""
        return self.service == self.stream


async def facts_of(client: Client, stream: Stream, edition_id: str) -> Counter[str]:
    """How many facts of each type the stream holds of this edition, read from its first message on."""
    counted: Counter[str] = Counter()
    jetstream = client.jetstream(timeout=10)
    last = await broker.last_seq(client, stream.value)
    if last == 0:
        return counted
    config = ConsumerConfig(
        deliver_policy=DeliverPolicy.ALL, ack_policy=AckPolicy.NONE, inactive_threshold=30
    )
    reader = await jetstream.pull_subscribe("", stream=stream.value, config=config)
    seen = 0
    while seen < last:
        for message in await reader.fetch(min(_BATCH, last - seen), timeout=10):
            seen = message.metadata.sequence.stream
            try:
                envelope = parse(message.subject, message.data, message.headers)
            except Unheard:
                continue
            if envelope.data.edition_id == edition_id:
                counted[envelope.type.split(".")[2]] += 1
    await reader.unsubscribe()
    return counted


async def reconcile(
    counts: Mapping[str, Mapping[str, Any]], facts: Mapping[Stream, Counter[str]]
) -> list[Line]:
    """Each service's own count beside what the streams say."""
    registration, scheduling = facts[Stream.REGISTRATION], facts[Stream.SCHEDULING]
    return [
        Line("invitations issued", counts["registration"]["invited"], registration["invitation_issued"]),
        Line(
            "delegations registered",
            counts["registration"]["registered"],
            registration["delegation_registered"],
        ),
        Line(
            "delegations confirmed", counts["registration"]["confirmed"], registration["delegation_confirmed"]
        ),
        Line(
            "wishes, as registration counts",
            counts["registration"]["wishes"],
            registration["bilateral_requested"],
        ),
        Line(
            "wishes, as scheduling heard",
            counts["scheduling"]["requested"],
            registration["bilateral_requested"],
        ),
        Line("wishes declined", counts["scheduling"]["declined"], scheduling["bilateral_declined"]),
        Line("meetings placed", counts["scheduling"]["placed"], scheduling["bilateral_scheduled"]),
        Line("pledges", counts["pledges"]["pledges"], facts[Stream.PLEDGES]["pledge_made"]),
        Line("letters sent", counts["notifications"]["sent"], facts[Stream.NOTIFICATIONS]["letter_sent"]),
    ]


async def count(
    doors: Doors, client: Client, edition_id: str
) -> tuple[dict[str, Any], dict[Stream, Counter[str]]]:
    """What the services count, and what the streams hold."""
    services = ("registration", "scheduling", "pledges", "notifications")
    counts = {service: await doors.get(service, f"/editions/{edition_id}/counts") for service in services}
    streams = [stream for stream in Stream if stream is not Stream.DEAD]
    return counts, {stream: await facts_of(client, stream, edition_id) for stream in streams}


async def dead_letters(doors: Doors) -> int:
    """How many messages wait to be looked at by a person, in all services."""
    services = ("registration", "scheduling", "pledges", "notifications")
    return sum([len(await doors.get(service, "/admin/dead-letters")) for service in services])


def show(
    console: Console,
    *,
    counts: Mapping[str, Mapping[str, Any]],
    facts: Mapping[Stream, Counter[str]],
    timetable: Mapping[str, Any] | None,
    lines: list[Line],
    dead: int,
) -> None:
    """The final table; what is real and what is generated is labelled."""
    registration, scheduling = counts["registration"], counts["scheduling"]
    table = Table(
        "", "", "real or generated", title="What came of it", title_justify="left", box=None, pad_edge=False
    )
    table.add_row(
        "Invited",
        str(registration["invited"]),
        "real: Member States, observers, organisations; principals by function",
    )
    table.add_row(
        "Registered", str(registration["registered"]), "number real (2018); who and with whom generated"
    )
    table.add_row("Wished", str(scheduling["requested"]), "generated, heavy-tailed, seeded")
    table.add_row("Agreed", str(scheduling["agreed"]), "generated")
    if timetable:
        most = timetable.get("placeable", scheduling["agreed"])
        table.add_row(
            "Placed",
            f"{scheduling['placed']} of at most {most}",
            "solved; rooms and hours assumed, days real",
        )
    for category, number in sorted(counts["pledges"]["by_category"].items()):
        table.add_row(f"Pledges: {category}", str(number), "real, each with its source")
    for language, number in sorted(counts["notifications"]["by_language"].items()):
        table.add_row(f"Letters in {language}", str(number), "written by Summit; addresses generated")
    for stream, counted in facts.items():
        table.add_row(f"Facts in {stream.value}", str(sum(counted.values())), "")
    table.add_row("Dead letters", str(dead), "")
    console.print(table)
    wrong = [line for line in lines if not line.agrees]
    for line in wrong:
        console.print(
            f"[red]{line.what}: the service counts {line.service}, its stream says {line.stream}[/red]"
        )
    verdict = "[green]agrees[/green]" if not wrong else "[red]does not agree[/red]"
    console.print(
        f"\nReconciliation: {len(lines)} counts of the services compared with the streams: {verdict}"
    )
