"""Posts over HTTP, signed after Standard Webhooks.

Source: Standard Webhooks specification; CloudEvents HTTP protocol binding (structured mode).
"""

import asyncio
import ssl
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Self

import httpcore
from standardwebhooks import Webhook as Signer

from summit_contracts.envelope import CONTENT_TYPE
from summit_webhooks.domain.delivery import Outcome
from summit_webhooks.domain.ports import Post
from summit_webhooks.post.guarded import GuardedNetwork, LiesInside


class HttpCarrier:
    """Posts to receivers outside, each with a connection of its own: none outlives the look at its address."""

    def __init__(
        self, *, internal: bool, within: timedelta, authorities: ssl.SSLContext | None = None
    ) -> None:
        self._within = within.total_seconds()
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=authorities or ssl.create_default_context(),
            max_connections=None,  # each receiver has its limit; one for all would let the slow use it up
            max_keepalive_connections=0,
            network_backend=GuardedNetwork(internal=internal),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._pool.aclose()

    async def bring(self, post: Post, secrets: Sequence[str]) -> Outcome:
        """What the receiver made of it. Redirects are not followed, and no more than its status is read.

        Dated with the machine's own time even where a past summit is played: receivers refuse what is five minutes off.
        """
        start = time.monotonic()
        status, reason = await self._posted(post, signed(post, secrets, datetime.now(UTC)))
        return Outcome(status, reason, timedelta(seconds=round(time.monotonic() - start, 3)))

    async def _posted(self, post: Post, headers: dict[str | bytes, str | bytes]) -> tuple[int | None, str]:
        try:
            async with (
                asyncio.timeout(self._within),
                self._pool.stream("POST", post.webhook.url, headers=headers, content=post.body) as answer,
            ):
                return answer.status, "taken" if 200 <= answer.status < 300 else "refused"
        except LiesInside:
            return None, "internal_address"
        except (TimeoutError, httpcore.TimeoutException):
            return None, "timeout"
        except httpcore.ConnectError as problem:
            is_certificate = isinstance(problem.__cause__, ssl.SSLError) or "CERTIFICATE" in str(problem)
            return None, "certificate" if is_certificate else "unreachable"
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError):
            return None, "unreachable"


def signed(post: Post, secrets: Sequence[str], at: datetime) -> dict[str | bytes, str | bytes]:
    """The headers that prove who posts; one signature for each secret, so that a receiver can change over."""
    body, event_id = post.body.decode(), post.delivery.event_id
    return {
        "content-type": CONTENT_TYPE,
        "user-agent": "Summit-Webhooks/1",
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(
            Signer(secret).sign(event_id, at.astimezone(UTC), body) for secret in secrets
        ),
    }
