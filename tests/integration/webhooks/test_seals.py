"""Who reads the database signs nothing: secrets are sealed with a key that does not lie there, and that can be changed."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text
from standardwebhooks import Webhook as Verifier

from summit_chassis.identity import Role
from summit_contracts.pledges import PledgeMade
from summit_contracts.testing import golden_messages_of
from summit_testkit.databases import Databases
from summit_testkit.desk import SEAL_KEY, Desk, migrated
from summit_testkit.eventually import eventually
from summit_testkit.receiver import Received, Receiver
from summit_webhooks.app import service

Starting = Callable[..., AbstractAsyncContextManager[Desk]]
OWN: dict[str, Any] = {"webhook_internal": True, "webhook_first_wait": timedelta(milliseconds=50)}
ANOTHER = Fernet.generate_key().decode()


async def added(webhooks: Desk, receiver: Receiver) -> str:
    body = {"name": "rooms", "url": receiver.url, "facts": "summit.>", "owner": "rooms@un.example"}
    once = {"idempotency-key": "once"}
    answer = await webhooks.ask("POST", "/webhooks", json=body, roles=(Role.ADMIN,), headers=once)
    return str(answer.json()["secret"])


async def hear(webhooks: Desk, pledge: str) -> None:
    await webhooks.hear(golden_messages_of(PledgeMade).full.data.model_copy(update={"pledge_id": pledge}))


async def received(receiver: Receiver, count: int) -> list[Received]:
    def enough() -> list[Received]:
        assert len(receiver.received) >= count
        return receiver.received

    return await eventually(enough)


def verify(post: Received, secret: str) -> None:
    Verifier(secret).verify(post.body, dict(post.headers))


async def everything(webhooks: Desk) -> str:
    """Whatever stands in the table of webhooks, and among the answers kept for whoever asks again."""
    async with webhooks.database.engine.connect() as connection:
        query = text(
            "SELECT string_agg(one, '') FROM (SELECT webhooks::text FROM webhooks"
            " UNION ALL SELECT encode(body, 'escape') FROM idempotency) AS kept (one)"
        )
        return str((await connection.execute(query)).scalar_one())


async def test_no_secret_stands_in_the_database(webhooks: Desk, receiver: Receiver) -> None:
    first = await added(webhooks, receiver)
    second = (await webhooks.ask("POST", "/webhooks/rooms/secret", roles=(Role.ADMIN,))).json()["secret"]
    await hear(webhooks, "one")
    (post,) = await received(receiver, 1)
    kept = await everything(webhooks)
    for secret in (first, second):
        verify(post, secret)
        assert secret.removeprefix("whsec_") not in kept


async def test_secrets_from_before_there_were_seals_are_sealed_at_the_start_and_sign_as_before(
    databases: Databases, starting: Starting, receiver: Receiver
) -> None:
    url = await migrated(service, databases)
    async with starting(url, **OWN) as webhooks:
        former, now = await added(webhooks, receiver), "whsec_" + "bm93" * 8
        async with webhooks.database.transaction() as transaction:
            in_clear = (
                "UPDATE webhooks SET secret = :now, former_secret = :former, former_until = now() + interval '1 hour',"
                " sealed_secret = NULL, sealed_former_secret = NULL"
            )
            await transaction.connection.execute(text(in_clear), {"now": now, "former": former})
    async with starting(url, **OWN) as webhooks:
        await hear(webhooks, "one")
        (post,) = await received(receiver, 1)
        kept = await everything(webhooks)
    for secret in (former, now):
        verify(post, secret)
        assert secret not in kept


async def test_a_new_key_seals_what_the_former_has_sealed_and_then_the_former_can_go(
    databases: Databases, starting: Starting, receiver: Receiver
) -> None:
    url = await migrated(service, databases)
    async with starting(url, **OWN) as webhooks:
        secret = await added(webhooks, receiver)
    for count, keys in enumerate((f"{ANOTHER}, {SEAL_KEY}", ANOTHER), start=1):
        async with starting(url, **OWN, webhook_seal_keys=keys) as webhooks:
            await hear(webhooks, f"pledge-{count}")
            verify((await received(receiver, count))[-1], secret)


async def test_a_key_that_opens_nothing_is_told_of_and_nothing_is_posted_until_the_right_one_is_back(
    databases: Databases, starting: Starting, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    url = await migrated(service, databases)
    async with starting(url, **OWN) as webhooks:
        secret = await added(webhooks, receiver)
    async with starting(url, **OWN, webhook_seal_keys=ANOTHER) as webhooks:
        await hear(webhooks, "one")
        answer = await webhooks.ask("GET", "/health/ready", anonymous=True)
        assert answer.status_code == 503
        said = answer.json()["checks"]["secrets"]
        assert said.startswith(
            "no key opens the secret of rooms; put the key it was sealed with behind the others"
        )
        assert "SUMMIT_WEBHOOK_SEAL_KEYS" in said
        logged: list[str] = []

        async def is_logged() -> None:
            logged.extend(capsys.readouterr())
            assert "webhook.sealed_by_another" in "".join(logged)

        await eventually(is_logged)
    assert receiver.received == []
    async with starting(url, **OWN, webhook_seal_keys=f"{ANOTHER},{SEAL_KEY}") as webhooks:
        (post,) = await received(receiver, 1)
        verify(post, secret)
        log = await webhooks.ask("GET", "/webhooks/rooms/log", roles=(Role.ADMIN,))
        assert [line["attempt"] for line in log.json()] in ([], [1])
        assert (await webhooks.ask("GET", "/health/ready", anonymous=True)).json()["checks"][
            "secrets"
        ] == "ok"


@pytest.mark.parametrize("path", ["/webhooks", "/webhooks/rooms/log"])
async def test_no_answer_shows_what_is_sealed(webhooks: Desk, receiver: Receiver, path: str) -> None:
    await added(webhooks, receiver)
    shown = await webhooks.ask("GET", path, roles=(Role.ADMIN,))
    assert "sealed" not in shown.text
    assert "gAAAA" not in shown.text
