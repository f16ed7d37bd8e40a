"""A service asked over its own HTTP interface, in the test's process, with tokens for whoever a test needs to be."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from cryptography.fernet import Fernet
from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import create_async_engine

from summit_chassis.applying import Verdict
from summit_chassis.arrivals import Incoming
from summit_chassis.database import Database
from summit_chassis.identity import SECRETARIAT, Issuer, Role, new_key
from summit_chassis.ids import new_id
from summit_chassis.inbox import Inbox
from summit_chassis.migrations import upgrade
from summit_chassis.service import RunRole, Service, build
from summit_chassis.settings import ServiceSettings, load
from summit_contracts.catalogue import parse_without_subject, seal
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact
from summit_testkit.databases import Databases

_KEY = new_key()
SIGNING_KEY = json.dumps(_KEY.as_dict(private=True))
SEAL_KEY = Fernet.generate_key().decode()
"""What webhooks seals secrets with, in tests."""
PUBLIC_KEYS = json.dumps({"keys": [_KEY.as_dict(private=False)]})


def token(
    *roles: Role,
    account: str = "secretariat/test",
    edition_id: str | None = None,
    invitee: str | None = None,
    valid_for: timedelta = timedelta(hours=1),
    now: datetime | None = None,
) -> str:
    """A token signed with the key that every desk trusts."""
    issued_at = now or datetime.now(UTC)
    return Issuer(_KEY).issue(
        account, roles, now=issued_at, valid_for=valid_for, edition_id=edition_id, invitee=invitee
    )


class Desk:
    """One service, asked as the secretariat unless a test says otherwise."""

    def __init__(
        self, client: httpx.AsyncClient, database: Database, inbox: Inbox[Any], offset: timedelta
    ) -> None:
        self._client = client
        self.database = database
        self._inbox = inbox
        self.offset = offset
        self._told: Counter[str] = Counter()

    def _bearer(self, edition_id: str | None, invitee: str | None, roles: tuple[Role, ...]) -> str:
        now = datetime.now(UTC) + self.offset
        if invitee:
            account = f"{invitee}/nominator"
            return token(Role.NOMINATOR, account=account, edition_id=edition_id, invitee=invitee, now=now)
        return token(*(roles or SECRETARIAT), now=now)

    async def ask(
        self,
        method: str,
        path: str,
        *,
        as_invitee: str | None = None,
        edition_id: str = "uncops-2022",
        roles: tuple[Role, ...] = (),
        anonymous: bool = False,
        headers: dict[str, str] | None = None,
        **sent: Any,
    ) -> httpx.Response:
        """The answer to one request."""
        bearer = (
            {} if anonymous else {"authorization": f"Bearer {self._bearer(edition_id, as_invitee, roles)}"}
        )
        return await self._client.request(method, path, headers={**bearer, **(headers or {})}, **sent)

    async def hear(self, *facts: Fact) -> None:
        """The facts reach the service as its streams would bring them: numbered, in order, each applied."""
        messages = []
        for fact in facts:
            self._told[fact.aggregate_id] += 1
            version = self._told[fact.aggregate_id]
            now = datetime.now(UTC) + self.offset
            envelope = seal(fact, id=new_id(), at=now, version=version, correlation_id="test")
            messages.append(
                Incoming(fact.STREAM.value, self._told.total(), fact.subject, envelope.to_json(), {})
            )
        verdicts = await self.apply(messages)
        assert [verdict.outcome for verdict in verdicts] == ["applied"] * len(facts), verdicts

    async def apply(self, messages: Sequence[Incoming]) -> list[Verdict]:
        """The messages reach the service together, as they are; what it makes of each."""
        return await self._inbox.apply(messages)

    def forget_telling(self, *facts: Fact) -> None:
        """The facts were not applied: telling them again numbers them as before."""
        for fact in facts:
            self._told[fact.aggregate_id] -= 1

    async def facts(self) -> list[Envelope[Fact]]:
        """Everything the service has staged so far, in order."""
        async with self.database.engine.connect() as connection:
            rows = await connection.execute(
                text("SELECT payload FROM outbox WHERE stream <> 'DEAD' ORDER BY seq")
            )
            return [parse_without_subject(row.payload) for row in rows]


async def migrated(service: Service[Any], databases: Databases) -> str:
    """The URL of a fresh database with the service's tables, as its migrations make them; they run once for all tests."""
    # In a thread, because the migrations of the template run in an event loop of their own.
    template = await asyncio.to_thread(databases.template, service.package, migration_of(service))
    return databases.fresh(template)


async def emptied(service: Service[Any], databases: Databases) -> str:
    """The URL of a migrated database in which nothing is; other tests used it before, which is quicker than a fresh one."""
    url = await asyncio.to_thread(databases.shared, service.package, migration_of(service))
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL session_replication_role = replica"))  # in whatever order
        for table in service.metadata.tables.values():
            await connection.execute(delete(table))
    await engine.dispose()
    return url


def migration_of(service: Service[Any]) -> Callable[[str], None]:
    """What makes the service's tables in an empty database, given its URL, where no event loop runs."""

    def migrate(empty: str) -> None:
        asyncio.run(upgrade(empty, service.versions, service.metadata))

    return migrate


@asynccontextmanager
async def desk(
    service: Service[Any],
    settings: type[ServiceSettings],
    databases: Databases,
    *,
    role: RunRole = "http",
    nats_url: str = "nats://127.0.0.1:1",
    offset: timedelta = timedelta(0),
    url: str | None = None,
    **own: Any,
) -> AsyncIterator[Desk]:
    """The service on a fresh, migrated database, or on the one of this `url` (`emptied`, or left by another desk); without a broker
    unless the test gives one and a role that uses it.
    """
    loaded = load(
        settings,
        database_url=url or await migrated(service, databases),
        nats_url=nats_url,
        http_port=0,
        token_keys=PUBLIC_KEYS,
        clock_offset=offset,
        **own,
    )
    app = build(service, loaded, role)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.test", timeout=30) as client:
            inbox = Inbox(app.state.database, service.subscribers, service.make_unit)
            yield Desk(client, app.state.database, inbox, offset)
