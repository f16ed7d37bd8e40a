"""Reading streams as any other system may: from a sequence on, in order, leaving nothing behind on the server."""

from collections.abc import AsyncIterator

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NothingCame
from nats.js import JetStreamContext
from nats.js.api import ConsumerConfig, DeliverPolicy
from nats.js.errors import NotFoundError

from summit_cli.refusals import CannotDo
from summit_contracts.catalogue import Unheard, parse
from summit_contracts.envelope import Envelope, NotAnEvent
from summit_contracts.fact import Fact, Stream

_SECONDS = 10.0


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


async def stored(client: Client, stream: Stream, *, first: int = 1, subject: str = ">") -> AsyncIterator[Msg]:
    """What the stream holds now, from that sequence on, in order."""
    last = await last_seq(client, stream)
    if first > last:
        return
    subscription = await _subscribed(client, stream, first, subject)
    try:
        consumer = await subscription.consumer_info()
        if consumer.num_pending == 0 and not (consumer.delivered and consumer.delivered.consumer_seq):
            return
        while True:
            message = await subscription.next_msg(timeout=_SECONDS)
            yield message
            if message.metadata.num_pending == 0 or message.metadata.sequence.stream >= last:
                return
    finally:
        await subscription.unsubscribe()


async def followed(client: Client, stream: Stream, *, first: int, subject: str = ">") -> AsyncIterator[Msg]:
    """What the stream holds from that sequence on, and then everything that comes, for ever."""
    subscription = await _subscribed(client, stream, first, subject)
    try:
        while True:
            try:
                yield await subscription.next_msg(timeout=_SECONDS)
            except NothingCame:
                continue
    finally:
        await subscription.unsubscribe()


def read(message: Msg) -> Envelope[Fact] | None:
    """The fact the message carries; none for one that this version cannot read."""
    try:
        return parse(message.subject, message.data, message.headers)
    except (Unheard, NotAnEvent):
        return None


async def _subscribed(
    client: Client, stream: Stream, first: int, subject: str
) -> JetStreamContext.PushSubscription:
    # Ordered: the client notices a gap and asks anew from the last message it had.
    config = ConsumerConfig(deliver_policy=DeliverPolicy.BY_START_SEQUENCE, opt_start_seq=max(first, 1))
    return await client.jetstream(timeout=_SECONDS).subscribe(
        subject, stream=stream.value, ordered_consumer=True, config=config
    )
