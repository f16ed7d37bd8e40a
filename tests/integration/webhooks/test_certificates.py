"""A receiver proves who it is, or nothing is told to it; why not stands in the log."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from summit_cli.access.certificates import server_certificate
from summit_testkit.receiver import Receiver
from summit_webhooks.domain.delivery import Delivery, DeliveryState
from summit_webhooks.domain.ports import Post
from summit_webhooks.domain.webhook import Webhook, secret_of
from summit_webhooks.post.http import HttpCarrier

NOW = datetime.now(UTC)
SECRET = secret_of(b"a" * 32)


@pytest.mark.parametrize(
    ("name", "made_at", "reason"),
    [
        ("127.0.0.1", NOW, "taken"),
        ("127.0.0.1", NOW - timedelta(days=730), "certificate"),
        ("rooms.un.example", NOW, "certificate"),
    ],
    ids=["good", "past its end", "of another name"],
)
async def test_a_certificate_is_held_against_the_clock_and_the_name(
    tmp_path: Path, name: str, made_at: datetime, reason: str
) -> None:
    certificate = server_certificate(tmp_path, [name], now=made_at)
    authorities = ssl.create_default_context(cafile=certificate.with_name("ca.pem"))
    within = timedelta(seconds=60)
    with Receiver(certificate=certificate) as receiver:
        webhook = Webhook("rooms", receiver.url, "summit.>", "rooms@un.example", SECRET, NOW)
        delivery = Delivery("rooms", 1, "an-event", "summit.x.y.v1", DeliveryState.WAITING, NOW)
        async with HttpCarrier(internal=True, within=within, authorities=authorities) as carrier:
            outcome = await carrier.bring(Post(webhook, delivery, b"{}"), [SECRET])
        assert outcome.reason == reason
        assert len(receiver.received) == (reason == "taken")
