"""The consumer: takes what a durable delivers, hands it to the inbox in batches, acknowledges what is committed.

It survives what FastStream's pull loop does not: a server killed or paused, an outage of any length, a deleted durable, a
refused credential. It never spins, and it knows how long ago the server last answered, which is what readiness tells.
"""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from nats.errors import Error as NatsError

from summit_chassis import telemetry
from summit_chassis.applying import Verdict
from summit_chassis.connection import SummitClient, message
from summit_chassis.inbox import Inbox
from summit_chassis.provisioner import Durable
from summit_chassis.pulling import Delivery, Pull
from summit_chassis.telemetry import get_logger
from summit_contracts.fact import Stream

log = get_logger(__name__)

_PATIENCE_SECONDS = 1.0
_UNHEARD_SECONDS = 10.0
"""A server that for so long said nothing about a durable may be one that lost its cluster."""
_HELD_AGAIN_SECONDS = 0.05
_HELD_SHARE = 0.2
"""A message waits here for its predecessor for this share of the time it has to be acknowledged in; then it is given back."""


class Consumer:
    """One durable consumer of one stream."""

    def __init__(self, client: SummitClient, inbox: Inbox[Any], *, stream: str, durable: str) -> None:
        self._client = client
        self._inbox = inbox
        self._stream = stream
        self._durable = durable
        self._pull = Pull(client, Durable(Stream(stream), durable))
        self._held: dict[int, Delivery] = {}

    @property
    def silent_for(self) -> float:
        """Seconds since the server last answered for this durable; infinite before the first answer."""
        return self._pull.silent_for

    @property
    def name(self) -> str:
        """Stream and durable, for people."""
        return f"{self._stream}/{self._durable}"

    def ask_again(self) -> None:
        """The requests made so far are lost; called after a reconnect."""
        self._pull.ask_again()

    async def run(self, stopping: asyncio.Event) -> None:
        """Consumes until asked to stop; what is being applied then is finished. However it ends, what was not begun is given
        back, and it begins anew with nothing left of this.
        """
        await self._pull.open()
        waking = asyncio.create_task(self._wake_at(stopping))
        try:
            await self._consume(stopping)
        finally:
            waking.cancel()
            with contextlib.suppress(NatsError):
                # At once to another process, not when its time to be acknowledged is over.
                left = self._with_held(await self._pull.close())
                await self._answer_all([(one, Verdict("retried", delay=0.0)) for one in left])

    async def _consume(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set():
            try:
                came = await self._pull.next_batch(_HELD_AGAIN_SECONDS if self._held else _PATIENCE_SECONDS)
                if batch := self._with_held(came):
                    await self._apply(batch)
                elif self._pull.unheard_for > _UNHEARD_SECONDS:
                    await self._client.look_elsewhere()
            except Exception as failure:  # noqa: BLE001  # the loop outlives every fault; what was not acknowledged comes again
                log.warning("consumer.fault", consumer=self.name, error=repr(failure))
                self._pull.ask_again()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stopping.wait(), timeout=0.5)

    async def _wake_at(self, stopping: asyncio.Event) -> None:
        await stopping.wait()
        await self._pull.wake()

    def _with_held(self, came: Sequence[Delivery]) -> list[Delivery]:
        """What came now and what waits here for its predecessor, in the order of the stream, each once."""
        batch = {**self._held}
        for one in came:
            before = batch.get(one.incoming.seq)
            batch[one.incoming.seq] = replace(one, since=before.since) if before else one
        self._held.clear()
        return [batch[seq] for seq in sorted(batch)]

    async def _apply(self, batch: Sequence[Delivery]) -> None:
        try:
            with telemetry.BATCH_SECONDS.labels(self._durable, self._stream).time():
                verdicts = await self._inbox.apply([one.incoming for one in batch])
        except Exception:
            with contextlib.suppress(NatsError):  # what is not given back now comes again by itself
                await self._answer_all([(one, Verdict("retried", delay=1.0)) for one in batch])
            raise
        answers: list[tuple[Delivery, Verdict]] = []
        for one, verdict in zip(batch, verdicts, strict=True):
            if verdict.outcome == "held" and time.monotonic() - one.since < self._pull.ack_wait * _HELD_SHARE:
                self._held[one.incoming.seq] = one
            else:
                answers.append((one, verdict))
        await self._answer_all(answers)

    async def _answer_all(self, answers: Sequence[tuple[Delivery, Verdict]]) -> None:
        """The stream knows what became of what it delivered over this connection.

        What came before a reconnect comes again, and is known: another fact may stand at its sequence by now.
        """
        now = self._client.connection
        await self._client.send_all(
            [_answer(one, verdict) for one, verdict in answers if one.connection == now]
        )


def _answer(delivery: Delivery, verdict: Verdict) -> bytes:
    if verdict.delay is None:
        return message(delivery.reply, b"+ACK")
    return message(delivery.reply, b'-NAK {"delay": %d}' % int(verdict.delay * 10**9))
