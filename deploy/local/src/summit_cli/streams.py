"""Reading streams as any other system may: from a sequence on, in order, leaving nothing behind on the server."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.errors import NotFoundError

from summit_cli.refusals import CannotDo
from summit_contracts.catalogue import Unheard, parse
from summit_contracts.envelope import Envelope, NotAnEvent
from summit_contracts.fact import Fact, Stream

_SECONDS = 10.0
_LOOK_EVERY = 0.3  # seconds
_PAGE = 500


async def last_seq(client: Client, stream: Stream) -> int:
    """The sequence of the last message the stream holds; 0 for a new one.

    Raises:
        CannotDo: there is no such stream.
    """
    try:
        stream_info = await client.jetstream(timeout=_SECONDS).stream_info(stream.value)
    except NotFoundError as failure:
        raise CannotDo(f"There is no stream {stream.value}.", remedy="Run `summit provision`.") from failure
    return int(stream_info.state.last_seq)


@dataclass(frozen=True)
class Stored:
    """A message as a stream keeps it."""

    seq: int
    subject: str
    data: bytes
    headers: Mapping[str, str]


async def stored(
    client: Client, stream: Stream, *, first: int = 1, subject: str = ">"
) -> AsyncIterator[Stored]:
    """What the stream holds now, from that sequence on, in order."""
    last = await last_seq(client, stream)
    while first <= last:
        page = await _page(client, stream, first, subject)
        for message in page:
            if message.seq > last:
                return
            yield message
        if not page:
            return
        first = page[-1].seq + 1


async def followed(
    client: Client, stream: Stream, *, first: int, subject: str = ">"
) -> AsyncIterator[Stored]:
    """What the stream holds from that sequence on, and then everything that comes, for ever."""
    while True:
        async for message in stored(client, stream, first=first, subject=subject):
            yield message
            first = message.seq + 1
        await asyncio.sleep(_LOOK_EVERY)


async def _page(client: Client, stream: Stream, first: int, subject: str) -> list[Stored]:
    """The next messages; none only where there are no more."""
    inbox, loop = client.new_inbox(), asyncio.get_running_loop()
    asked = {"seq": first, "next_by_subj": subject, "batch": _PAGE}
    page: list[Stored] = []
    is_whole = asyncio.Event()

    async def take(answer: Msg) -> None:
        headers = answer.headers or {}
        if "Nats-Sequence" in headers:
            page.append(Stored(int(headers["Nats-Sequence"]), headers["Nats-Subject"], answer.data, headers))
            patience.reschedule(loop.time() + _SECONDS)
        else:  # the end of the page, or nothing there
            is_whole.set()

    answers = await client.subscribe(inbox, cb=take)
    try:
        async with asyncio.timeout(_SECONDS) as patience:
            await client.publish(
                f"$JS.API.DIRECT.GET.{stream.value}", json.dumps(asked).encode(), reply=inbox
            )
            await is_whole.wait()
    except TimeoutError:
        raise CannotDo(
            f"Stream {stream.value} cannot be read: no answer within {_SECONDS:g} s.",
            remedy="Is this user allowed to read it? `summit provision` makes it readable.",
        ) from None
    finally:
        await answers.unsubscribe()
    return page


def read(message: Stored) -> Envelope[Fact] | None:
    """The fact the message carries; none for one that this version cannot read."""
    try:
        return parse(message.subject, message.data, message.headers)
    except (Unheard, NotAnEvent):
        return None
