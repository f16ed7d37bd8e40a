"""The log of attempts has an end; what it was about can be said again for good."""

from datetime import timedelta
from typing import Any

import pytest

from summit_chassis.identity import Role
from summit_chassis.settings import SettingsRefused, load
from summit_contracts.pledges import PledgeMade
from summit_contracts.testing import golden_messages_of
from summit_testkit.databases import Databases
from summit_testkit.desk import PUBLIC_KEYS, SEAL_KEY, Desk, desk, migrated
from summit_testkit.eventually import eventually
from summit_testkit.receiver import Receiver
from summit_webhooks.app import service
from summit_webhooks.settings import WebhooksSettings

OWN: dict[str, Any] = {"webhook_internal": True, "webhook_seal_keys": SEAL_KEY, "role": "events"}


async def log(webhooks: Desk) -> list[dict[str, Any]]:
    answer = await webhooks.ask("GET", "/webhooks/rooms/log", roles=(Role.ADMIN,))
    assert answer.status_code == 200, answer.text
    return list(answer.json())


async def logged(webhooks: Desk, *statuses: int) -> list[dict[str, Any]]:
    async def is_so() -> list[dict[str, Any]]:
        lines = await log(webhooks)
        assert [line["status"] for line in lines] == list(statuses)
        return lines

    return await eventually(is_so, within=60)


async def test_lines_end_after_their_time_and_what_they_were_about_is_said_again(
    databases: Databases, receiver: Receiver
) -> None:
    url = await migrated(service, databases)
    async with desk(service, WebhooksSettings, databases, url=url, **OWN) as webhooks:
        body = {"name": "rooms", "url": receiver.url, "facts": "summit.>", "owner": "rooms@un.example"}
        await webhooks.ask("POST", "/webhooks", json=body, roles=(Role.ADMIN,))
        await webhooks.hear(golden_messages_of(PledgeMade).full.data)
        (line,) = await logged(webhooks, 204)
    receiver.answers.append(202)
    for days, after in ((89, [202, 204]), (91, [204, 202])):
        offset = timedelta(days=days)
        async with desk(service, WebhooksSettings, databases, url=url, offset=offset, **OWN) as webhooks:
            again = {"event_id": line["event_id"]}
            answer = await webhooks.ask("POST", "/webhooks/rooms/redeliver", json=again, roles=(Role.ADMIN,))
            assert answer.json() == {"deliveries": 1}
            await logged(webhooks, *after)
    assert len(receiver.received) == 3
    assert len({post.body for post in receiver.received}) == 1


async def test_a_fact_that_it_was_never_to_be_told_is_refused_with_where_ids_are_found(
    webhooks: Desk, receiver: Receiver
) -> None:
    body = {
        "name": "rooms",
        "url": receiver.url,
        "facts": "summit.*.scheduling.>",
        "owner": "rooms@un.example",
    }
    await webhooks.ask("POST", "/webhooks", json=body, roles=(Role.ADMIN,))
    await webhooks.hear(golden_messages_of(PledgeMade).full.data)
    again = {"event_id": "an-id-of-long-ago"}
    answer = await webhooks.ask("POST", "/webhooks/rooms/redeliver", json=again, roles=(Role.ADMIN,))
    assert answer.status_code == 404
    assert "history" in answer.json()["remedy"]


def test_a_log_that_ends_before_a_fact_is_given_up_is_refused() -> None:
    with pytest.raises(SettingsRefused, match="SUMMIT_WEBHOOK_LOG_RETENTION"):
        load(
            WebhooksSettings,
            database_url="postgresql+asyncpg://summit:x@127.0.0.1:1/webhooks",
            nats_url="nats://127.0.0.1:1",
            http_port=0,
            token_keys=PUBLIC_KEYS,
            webhook_seal_keys=SEAL_KEY,
            webhook_log_retention=timedelta(days=2),
        )
