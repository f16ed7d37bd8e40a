"""What becomes of a webhook and its deliveries: secrets that change, waits that grow, an end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from summit_chassis.settings import SettingsRefused, load
from summit_cli.access.certificates import server_certificate
from summit_cli.access.keyring import Keyring
from summit_testkit.desk import PUBLIC_KEYS, SEAL_KEY
from summit_webhooks.domain.delivery import LEASE, Delivery, DeliveryState, Outcome, rest_after
from summit_webhooks.domain.webhook import STOPS_AFTER, Webhook, WebhookState, secret_of
from summit_webhooks.http.schemas import WebhookBody
from summit_webhooks.settings import WebhooksSettings

NOW = datetime(2022, 6, 1, 9, tzinfo=UTC)
FIRST = timedelta(seconds=5)
ROOMS = Webhook(
    "rooms", "https://rooms.un.example/", "summit.>", "rooms@un.example", secret_of(b"a" * 32), NOW
)
WAITING = Delivery("rooms", 7, "an-event", "summit.x.y.v1", DeliveryState.WAITING, NOW)


def outcome(status: int | None) -> Outcome:
    return Outcome(status, "as the test says", timedelta(seconds=1))


def test_a_new_secret_signs_beside_the_former_for_a_day() -> None:
    changed = ROOMS.rotated(secret_of(b"b" * 32), NOW)
    assert changed.sealed_secrets(NOW) == (secret_of(b"b" * 32), secret_of(b"a" * 32))
    assert changed.sealed_secrets(NOW + timedelta(hours=24)) == (secret_of(b"b" * 32),)
    assert ROOMS.sealed_secrets(NOW) == (ROOMS.sealed_secret,)


def test_waits_grow_to_hours_and_end_after_days() -> None:
    delivery, now = WAITING, NOW
    waits = []
    while delivery.state is DeliveryState.WAITING:
        now = max(now, delivery.due_at)
        delivery = delivery.begun(now).ended(outcome(503), now, FIRST)
        waits.append(delivery.due_at - now)
    assert delivery.state is DeliveryState.GIVEN_UP
    assert delivery.attempts == 13
    assert waits[0] < timedelta(seconds=6)
    assert waits[:-1] == sorted(waits[:-1])
    assert timedelta(hours=12) <= max(waits) < timedelta(hours=14)
    assert timedelta(days=2) < now - NOW < timedelta(days=3)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_what_was_taken_is_delivered(status: int) -> None:
    assert WAITING.begun(NOW).ended(outcome(status), NOW, FIRST).state is DeliveryState.DELIVERED


@pytest.mark.parametrize("status", [None, 301, 302, 307, 308, 400, 401, 404, 410, 429, 500, 503])
def test_what_was_not_taken_is_tried_again(status: int | None) -> None:
    ended = WAITING.begun(NOW).ended(outcome(status), NOW, FIRST)
    assert ended.state is DeliveryState.WAITING
    assert ended.due_at > NOW


def test_an_attempt_has_its_lease() -> None:
    assert WAITING.begun(NOW).due_at == NOW + LEASE


def test_said_again_is_as_if_for_the_first_time() -> None:
    done = replace(WAITING.begun(NOW), state=DeliveryState.GIVEN_UP)
    assert done.again(NOW) == WAITING


def test_a_receiver_that_struggles_rests_longer_up_to_minutes_and_what_it_takes_ends_that() -> None:
    assert [rest_after(n, FIRST) for n in (0, 1, 2, 3, 50)] == [
        FIRST,
        FIRST * 6,
        FIRST * 24,
        FIRST * 60,
        FIRST * 60,
    ]
    once = ROOMS.failed(NOW, FIRST)
    assert once.failed(NOW + timedelta(seconds=1), FIRST) == once
    later = once.failed(NOW + FIRST, FIRST)
    assert (later.failures, later.failing_since) == (2, NOW)
    assert later.took() == ROOMS


def test_days_of_nothing_but_failures_or_the_word_gone_stop_it_until_a_person_resumes() -> None:
    failing = ROOMS.failed(NOW, FIRST)
    assert failing.state is WebhookState.ACTIVE
    stopped = failing.failed(NOW + STOPS_AFTER, FIRST)
    assert stopped.state is WebhookState.STOPPED
    assert ROOMS.failed(NOW, FIRST, is_gone=outcome(410).is_gone).state is WebhookState.STOPPED
    assert stopped.resumed() == ROOMS


@pytest.mark.parametrize("facts", ["summit-personal.>", ">", "summit", "$JS.>", "dead.>", "summit.>.x"])
def test_nothing_but_public_facts_can_be_asked_for(facts: str) -> None:
    with pytest.raises(ValidationError, match="names no public facts"):
        WebhookBody(name="rooms", url="https://rooms.un.example/", facts=facts, owner="Rooms")


@pytest.fixture
def told(tmp_path: Path) -> dict[str, Any]:
    """What production tells the service."""
    server_certificate(tmp_path, ("nats.un.example",))
    return {
        "environment": "production",
        "database_url": "postgresql+asyncpg://summit:s3cr3t-and-long@db.un.example:5432/webhooks",
        "database_ca_file": tmp_path / "ca.pem",
        "nats_url": "tls://nats.un.example:4222",
        "nats_seed_file": Keyring(tmp_path).file("webhooks"),
        "http_port": 8001,
        "token_keys": PUBLIC_KEYS,
        "webhook_seal_keys": SEAL_KEY,
    }


def test_production_refuses_to_post_inside(told: dict[str, Any]) -> None:
    assert not load(WebhooksSettings, **told).webhook_internal
    with pytest.raises(SettingsRefused, match="SUMMIT_WEBHOOK_INTERNAL: must be false in production"):
        load(WebhooksSettings, **told, webhook_internal=True)


def test_it_does_not_start_without_what_secrets_are_sealed_with(told: dict[str, Any]) -> None:
    del told["webhook_seal_keys"]
    with pytest.raises(SettingsRefused, match="SUMMIT_WEBHOOK_SEAL_KEYS"):
        load(WebhooksSettings, **told)


@pytest.mark.parametrize(
    "wrong",
    ["", "an old password", f"{SEAL_KEY},", f"{SEAL_KEY} {SEAL_KEY}", SEAL_KEY[:-5]],
    ids=[
        "nothing",
        "no key",
        "a comma too many",
        "no comma",
        "cut short",
    ],  # the key is another in each process
)
def test_what_is_no_key_is_named_with_where_one_comes_from_and_is_not_shown(
    told: dict[str, Any], wrong: str
) -> None:
    told["webhook_seal_keys"] = wrong
    with pytest.raises(
        SettingsRefused, match=r"SUMMIT_WEBHOOK_SEAL_KEYS: .*`summit keys init` makes one"
    ) as refused:
        load(WebhooksSettings, **told)
    assert not wrong or wrong not in str(refused.value)
