"""The webhooks service with its own database and worker, and a receiver that listens."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from summit_chassis.settings import load
from summit_testkit.databases import Databases
from summit_testkit.desk import PUBLIC_KEYS, SEAL_KEY, Desk, desk, migrated
from summit_testkit.receiver import Receiver
from summit_webhooks.app import service
from summit_webhooks.settings import WebhooksSettings

Starting = Callable[..., AbstractAsyncContextManager[Desk]]


@asynccontextmanager
async def at_work(databases: Databases, url: str, **own: Any) -> AsyncIterator[Desk]:
    """The service answers, hears, and posts what is due."""
    own = {"webhook_seal_keys": SEAL_KEY, **own}
    settings = load(
        WebhooksSettings,
        database_url=url,
        nats_url="nats://127.0.0.1:1",
        http_port=0,
        token_keys=PUBLIC_KEYS,
        **own,
    )
    async with desk(service, WebhooksSettings, databases, url=url, **own) as webhooks:
        stopping = asyncio.Event()
        (worker,) = service.workers(webhooks.database, settings)
        task = asyncio.ensure_future(worker(stopping))
        try:
            yield webhooks
        finally:
            stopping.set()
            await task


@pytest.fixture
def starting(databases: Databases) -> Starting:
    """Starts the service on the database of a URL, given its settings."""
    return partial(at_work, databases)


@pytest.fixture
async def webhooks(databases: Databases) -> AsyncIterator[Desk]:
    """Posts to this machine too, and is impatient."""
    own = {
        "webhook_internal": True,
        "webhook_first_wait": timedelta(milliseconds=50),
        "webhook_answer_within": timedelta(seconds=60),
    }
    async with at_work(databases, await migrated(service, databases), **own) as webhooks:
        yield webhooks


@pytest.fixture
async def guarded_webhooks(databases: Databases) -> AsyncIterator[Desk]:
    """Posts to nobody inside, as in production."""
    own = {"webhook_first_wait": timedelta(milliseconds=50)}
    async with at_work(databases, await migrated(service, databases), **own) as webhooks:
        yield webhooks


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A system outside."""
    with Receiver() as receiver:
        yield receiver
