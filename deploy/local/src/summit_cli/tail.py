"""The facts of stream SUMMIT as lines on a screen."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel
from rich.console import Console
from rich.text import Text

from summit_cli.deployment import Deployment
from summit_cli.refusals import CannotDo
from summit_cli.streams import followed, last_seq, read, stored
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact, Stream

_LAST = 10
_COLOURS = {"registration": "cyan", "scheduling": "yellow", "pledges": "green", "notifications": "magenta"}
_LONGEST = 60  # characters of one value


async def show_facts(
    deployment: Deployment,
    console: Console,
    *,
    first: int | None,
    subject: str,
    follow: bool,
    as_json: bool,
) -> None:
    """Facts are shown: from the sequence `first` on, or the last few; without `follow` only what is there.

    Raises:
        CannotDo: the subject is one of personal facts.
    """
    if subject.startswith("summit-personal"):
        raise CannotDo("Facts that name or reach a person are not shown.", remedy="Ask for `summit.…`.")
    async with deployment.broker() as client:
        begin = first or max(await last_seq(client, Stream.SUMMIT) - _LAST + 1, 1)
        reading = (followed if follow else stored)(client, Stream.SUMMIT, first=begin, subject=subject)
        async for message in reading:
            if as_json:
                console.out(message.data.decode("utf-8", errors="replace"), highlight=False)
            else:
                seq = message.seq
                console.print(line(seq, message.subject, read(message)), soft_wrap=True)


def line(seq: int, subject: str, envelope: Envelope[Fact] | None) -> Text:
    """One fact: where it stands in the stream, when it happened, whose it is, what it is, and what it says in short."""
    if envelope is None:
        return Text.assemble((f"{seq:>7} ", "dim"), (f"{subject}: this version cannot read it", "red"))
    owner = envelope.data.OWNER.value
    return Text.assemble(
        (f"{seq:>7} ", "dim"),
        f"{envelope.time:%Y-%m-%d %H:%M:%S} ",
        (f"{envelope.data.edition_id} ", "dim"),
        (f"{owner:<13} ", _COLOURS[owner]),
        (f"{_name(envelope):<26} ", "bold " + _COLOURS[owner]),
        f"{envelope.subject} ",
        (" ".join(_said(envelope.data)), "dim"),
    )


def _name(envelope: Envelope[Fact]) -> str:
    return envelope.type.split(".")[-2]


def _said(fact: Fact) -> Iterator[str]:
    """What fits on a line: single values as they are, lists as their length."""
    for name in type(fact).model_fields:
        value: Any = getattr(fact, name)
        if value is None or name == "edition_id" or value == fact.key or isinstance(value, BaseModel):
            continue
        if isinstance(value, tuple) and not all(isinstance(one, str) for one in value):
            yield f"{name}={len(value)}"
        else:
            text = " ".join((",".join(value) if isinstance(value, tuple) else str(value)).split())
            yield f"{name}={text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'}"
