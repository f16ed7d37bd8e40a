"""Asking a durable for messages, without end: requests that are lost, refused or out of turn are made again.

A durable that serves its processes in turns names the turn in every message it delivers; requests carry that name back.
Whoever has no turn keeps asking too, hears the server's heartbeat, and is served when the other has stopped asking.
"""

import asyncio
import contextlib
import json
import time
from dataclasses import dataclass
from typing import Any, cast

from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from summit_chassis.arrivals import Incoming
from summit_chassis.connection import Received, SummitClient
from summit_chassis.provisioner import REMEDY, Durable, durable_config
from summit_chassis.subscribers import BATCH
from summit_chassis.telemetry import get_logger

log = get_logger(__name__)

SILENCE_SECONDS = 4.0
"""Without a message or heartbeat for so long, a request is taken for lost and made again."""
_LONGEST_REQUEST = 5 * 10**9  # nanoseconds
_HEARTBEATS = 5  # within one request
_COMPLAINT_SECONDS = 5.0
GATHERING_SECONDS = 0.05
"""A batch begins no sooner after the one before it, unless it is full: while facts keep coming, a transaction of each service
carries several. What comes after a rest is taken up at once.
"""
_ACKNOWLEDGED_AT = "$JS.ACK."
_WORDS_WITHOUT_DOMAIN = 9
_TURN = "Nats-Pin-Id"


@dataclass(frozen=True)
class Delivery:
    """A message, where to acknowledge it, since when it is here (monotonic seconds), and over which connection it came."""

    reply: str
    incoming: Incoming
    since: float
    connection: int


class Pull:
    """The requests of one process to one durable, and what came of them."""

    def __init__(self, client: SummitClient, durable: Durable) -> None:
        self._client = client
        self._durable = durable
        self._queue: asyncio.Queue[Delivery | Msg | None] = asyncio.Queue()
        self._is_full = asyncio.Event()
        self._gathers_until = float("-inf")
        self._subscription: Subscription | None = None
        self._reply_to = ""
        self._config: dict[str, Any] | None = None
        self._turn: str | None = None
        self._wanted = 0
        self._asked_at = 0.0
        self._heard_at = 0.0
        self._opened_at = float("inf")
        self._complained_at = float("-inf")

    @property
    def silent_for(self) -> float:
        """Seconds since the server last answered for this durable; infinite before the first answer."""
        return time.monotonic() - self._heard_at if self._heard_at else float("inf")

    @property
    def unheard_for(self) -> float:
        """Seconds since the server last answered, or since it could have for the first time."""
        return min(self.silent_for, time.monotonic() - self._opened_at)

    @property
    def ack_wait(self) -> float:
        """Seconds after which the server delivers again what was not acknowledged."""
        return float((self._config or {}).get("ack_wait", 15 * 10**9)) / 10**9

    async def open(self) -> None:
        """Answers can come."""
        self._reply_to = self._client.new_inbox()
        self._subscription = await self._client.subscribe(self._reply_to, cb=self._arrived)
        self._opened_at = time.monotonic()

    async def _arrived(self, message: Msg) -> None:
        """It waits for its turn, read already: that is done here while the batch before it waits for the database."""
        if not message.reply.startswith(_ACKNOWLEDGED_AT):
            await self._queue.put(message)
            return
        # A delivery, whatever its headers say: a stored message may carry a status that somebody forged.
        incoming = _incoming(message)
        _ = incoming.parsed
        await self._queue.put(
            Delivery(message.reply, incoming, time.monotonic(), cast("Received", message).connection)
        )
        if self._queue.qsize() >= BATCH:
            self._is_full.set()

    async def close(self) -> list[Delivery]:
        """No more come; what came and was not taken yet is returned."""
        self._wanted = 0
        if self._subscription:
            closing, self._subscription = self._subscription, None
            await closing.unsubscribe()
        left: list[Delivery] = []
        while not self._queue.empty():
            await self._take(left, self._queue.get_nowait())
        return left

    async def wake(self) -> None:
        """Who waits for messages waits no longer."""
        self._is_full.set()
        await self._queue.put(None)

    def ask_again(self) -> None:
        """The requests made so far are lost, or a fault left it open what became of them."""
        self._wanted = 0

    async def next_batch(self, patience: float) -> list[Delivery]:
        """The first message within so many seconds and everything that lies behind it, up to one batch."""
        if self._client.is_connected and self._must_ask():
            await self._ask()
        gathered: list[Delivery] = []
        try:
            await self._take(gathered, await asyncio.wait_for(self._queue.get(), timeout=patience))
        except TimeoutError:
            return gathered
        await self._gather()
        while len(gathered) < BATCH and not self._queue.empty():
            await self._take(gathered, self._queue.get_nowait())
        if gathered:
            self._gathers_until = time.monotonic() + GATHERING_SECONDS
        return gathered

    async def _gather(self) -> None:
        """A batch lies there, or the one before it began long enough ago."""
        self._is_full.clear()
        rest = self._gathers_until - time.monotonic()
        if rest > 0 and self._queue.qsize() < BATCH:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._is_full.wait(), timeout=rest)

    def _must_ask(self) -> bool:
        """Whether too little is on its way. After a silence nothing is: a request that was lost brings no answer either."""
        if self.silent_for > SILENCE_SECONDS and time.monotonic() - self._asked_at > SILENCE_SECONDS:
            self._wanted = 0
        return self._wanted < BATCH

    async def _ask(self) -> None:
        if self._config is None:
            self._config = await durable_config(self._client, self._durable)
        config = self._config or {}
        turn = config.get("priority_timeout")
        expires = min(_LONGEST_REQUEST, int(turn / 2)) if turn else _LONGEST_REQUEST
        request: dict[str, str | int] = {
            "batch": BATCH,
            "expires": expires,
            "idle_heartbeat": expires // _HEARTBEATS,
        }
        if groups := config.get("priority_groups"):
            request["group"] = groups[0]
            if self._turn:
                request["id"] = self._turn
        self._asked_at = time.monotonic()
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._durable.stream.value}.{self._durable.name}"
        await self._client.publish(subject, json.dumps(request).encode(), reply=self._reply_to)
        self._wanted += BATCH

    async def _take(self, gathered: list[Delivery], arrived: Delivery | Msg | None) -> None:
        if isinstance(arrived, Delivery):
            self._heard_at = arrived.since
            self._wanted = max(0, self._wanted - 1)
            if (turn := arrived.incoming.headers.get(_TURN)) and turn != self._turn:
                self._turn = turn
                self._wanted = 0  # what was asked for without the turn's name is not served in it
            gathered.append(arrived)
        elif arrived is not None:
            await self._heed(arrived)

    async def _heed(self, message: Msg) -> None:
        """What the server says about a request, instead of a message."""
        headers = message.headers or {}
        match headers.get("Status"):
            case "100":
                self._heard_at = time.monotonic()
            case "404" | "408":
                self._heard_at = time.monotonic()
                self._wanted = max(0, self._wanted - int(headers.get("Nats-Pending-Messages", BATCH)))
            case "423":
                self._turn = None
                self._wanted = 0
            case None:
                log.warning("consumer.stray_message", subject=message.subject)
            case status:
                await self._complain(status, headers.get("Description", "").strip())

    async def _complain(self, status: str, description: str) -> None:
        """The durable cannot be read: say so once in a while, wait a moment, ask again and as it is configured then."""
        self._wanted = 0
        self._config = None
        self._turn = None
        if time.monotonic() - self._complained_at > _COMPLAINT_SECONDS:
            self._complained_at = time.monotonic()
            log.error(
                "consumer.refused",
                consumer=f"{self._durable.stream.value}/{self._durable.name}",
                status=status,
                description="nobody answers" if status == "503" else description,
                remedy=REMEDY,
            )
        await asyncio.sleep(0.2)


def _incoming(message: Msg) -> Incoming:
    # $JS.ACK[.<domain>.<account>].<stream>.<durable>.<deliveries>.<stream seq>.<durable seq>.<time>.<pending>[.<token>]
    words = message.reply.split(".")
    at = 2 if len(words) == _WORDS_WITHOUT_DOMAIN else 4
    return Incoming(
        stream=words[at],
        seq=int(words[at + 3]),
        subject=message.subject,
        payload=message.data,
        headers=message.headers or {},
        deliveries=int(words[at + 2]),
    )
