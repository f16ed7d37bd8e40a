"""The consumer: keeps asking a durable for messages, hands them to the inbox in batches, acknowledges what is committed.

It survives what FastStream's pull loop does not: a server killed or paused, an outage of any length, a deleted durable, a
refused credential. It never spins, and it knows how long ago the server last answered, which is what readiness tells.
"""

import asyncio
import contextlib
import json
import time
from collections.abc import Sequence
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from summit_chassis import telemetry
from summit_chassis.applying import Verdict
from summit_chassis.arrivals import Incoming
from summit_chassis.inbox import Inbox
from summit_chassis.subscribers import BATCH
from summit_chassis.telemetry import get_logger

log = get_logger(__name__)

_EXPIRES_SECONDS = 5
_HEARTBEAT_SECONDS = 1
_ACKNOWLEDGED_AT = "$JS.ACK."
SILENCE_SECONDS = 4.0
"""Without a message or heartbeat for so long, the pull request is taken for lost and made again."""


class Consumer:
    """One durable consumer of one stream."""

    def __init__(self, client: Client, inbox: Inbox[Any], *, stream: str, durable: str) -> None:
        self._client = client
        self._inbox = inbox
        self._stream = stream
        self._durable = durable
        self._queue: asyncio.Queue[Msg | None] = asyncio.Queue()
        self._wanted = 0
        self._asked_at = 0.0
        self._heard_at = 0.0
        self._complained_at = 0.0

    @property
    def silent_for(self) -> float:
        """Seconds since the server last answered for this durable; infinite before the first answer."""
        return time.monotonic() - self._heard_at if self._heard_at else float("inf")

    @property
    def name(self) -> str:
        """Stream and durable, for people."""
        return f"{self._stream}/{self._durable}"

    async def run(self, stopping: asyncio.Event) -> None:
        """Consumes until asked to stop; what is being applied then is finished, what was not begun is given back."""
        reply_to = self._client.new_inbox()
        subscription = await self._client.subscribe(reply_to, cb=self._queue.put)
        waking = asyncio.create_task(self._wake_at(stopping))
        while not stopping.is_set():
            try:
                if self._must_ask():
                    await self._ask(reply_to)
                messages = await self._gather()
                if messages:
                    await self._apply(messages)
            except Exception as failure:  # noqa: BLE001  # the loop outlives every fault; what was not acknowledged comes again
                log.warning("consumer.fault", consumer=self.name, error=repr(failure))
                self._wanted = 0
                await _pause(stopping, 0.5)
        await waking
        with contextlib.suppress(NatsError):
            await subscription.unsubscribe()
            await self._give_back()

    def ask_again(self) -> None:
        """The requests made so far are lost; called after a reconnect."""
        self._wanted = 0

    def _must_ask(self) -> bool:
        """Whether too little is on its way. After a silence nothing is: a request that was lost brings no answer either."""
        if self.silent_for > SILENCE_SECONDS and time.monotonic() - self._asked_at > SILENCE_SECONDS:
            self._wanted = 0
        return self._wanted < BATCH

    async def _ask(self, reply_to: str) -> None:
        request = {
            "batch": BATCH,
            "expires": _EXPIRES_SECONDS * 10**9,
            "idle_heartbeat": _HEARTBEAT_SECONDS * 10**9,
        }
        self._asked_at = time.monotonic()
        await self._client.publish(
            f"$JS.API.CONSUMER.MSG.NEXT.{self._stream}.{self._durable}",
            json.dumps(request).encode(),
            reply=reply_to,
        )
        self._wanted += BATCH

    async def _gather(self) -> list[Msg]:
        """The first message within a second and everything that lies behind it already, up to one batch."""
        gathered: list[Msg] = []
        try:
            await self._take(gathered, await asyncio.wait_for(self._queue.get(), timeout=1.0))
        except TimeoutError:
            return gathered
        while len(gathered) < BATCH and not self._queue.empty():
            await self._take(gathered, self._queue.get_nowait())
        return gathered

    async def _take(self, gathered: list[Msg], message: Msg | None) -> None:
        if message is None:
            return
        if message.reply.startswith(_ACKNOWLEDGED_AT):
            # Whatever its headers say: a stored message may carry a status that somebody forged.
            self._heard_at = time.monotonic()
            self._wanted -= 1
            gathered.append(message)
            return
        headers = message.headers or {}
        match headers.get("Status"):
            case "100":
                self._heard_at = time.monotonic()
            case "404" | "408":
                self._heard_at = time.monotonic()
                self._wanted -= int(headers.get("Nats-Pending-Messages", BATCH))
            case None:
                log.warning("consumer.stray_message", consumer=self.name, subject=message.subject)
            case status:
                await self._complain(status, headers.get("Description", ""))

    async def _complain(self, status: str, description: str) -> None:
        """The durable cannot be read: say so once in a while, wait a moment, ask again."""
        self._wanted = 0
        if time.monotonic() - self._complained_at > 5:
            self._complained_at = time.monotonic()
            log.error(
                "consumer.refused",
                consumer=self.name,
                status=status,
                description=description,
                remedy="run `summit provision`",
            )
        await asyncio.sleep(0.2)

    async def _apply(self, messages: Sequence[Msg]) -> None:
        incoming = [_incoming(self._stream, message) for message in messages]
        try:
            with telemetry.BATCH_SECONDS.labels(self._durable, self._stream).time():
                verdicts = await self._inbox.apply(incoming)
        except Exception:
            for message in messages:
                await self._answer(message, Verdict("retried", delay=1.0))
            raise
        for message, verdict in zip(messages, verdicts, strict=True):
            await self._answer(message, verdict)

    async def _wake_at(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        await self._queue.put(None)

    async def _give_back(self) -> None:
        """What was fetched and not begun goes to another process at once, not when its time to be acknowledged is over."""
        while not self._queue.empty():
            message = self._queue.get_nowait()
            if message and message.reply.startswith(_ACKNOWLEDGED_AT):
                await self._answer(message, Verdict("retried", delay=0.0))

    async def _answer(self, message: Msg, verdict: Verdict) -> None:
        if verdict.delay is None:
            await self._client.publish(message.reply, b"+ACK")
        else:
            await self._client.publish(message.reply, b'-NAK {"delay": %d}' % int(verdict.delay * 10**9))


def _incoming(stream: str, message: Msg) -> Incoming:
    metadata = message.metadata
    return Incoming(
        stream=stream,
        seq=metadata.sequence.stream,
        subject=message.subject,
        payload=message.data,
        headers=message.headers or {},
        deliveries=metadata.num_delivered or 1,
    )


async def _pause(stopping: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stopping.wait(), timeout=seconds)
