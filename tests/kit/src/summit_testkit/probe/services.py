"""What the publisher says and what the hearer does about it."""

import asyncio
import json
import os
import signal
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from summit_chassis.arrivals import Incoming
from summit_chassis.clock import SystemClock
from summit_chassis.database import Database, Transaction
from summit_chassis.identity import new_key
from summit_chassis.provisioner import Durable
from summit_chassis.service import chassis_tables
from summit_chassis.settings import ServiceSettings
from summit_chassis.subscribers import Subscribers
from summit_contracts.catalogue import seal
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Fact, Service, Stream
from summit_contracts.notifications import LetterEnding, LetterFailed
from summit_contracts.registration import AccessCodeIssued, DelegateRefused, DelegationWithdrawn

EDITION = "probe"
CODES = tuple(f"{first}{second}" for first in "ABCDEFGHIJ" for second in "ABCDEFGHIJ")

KEY = new_key()
TOKEN_KEYS = json.dumps({"keys": [KEY.as_dict(private=False)]})
PUBLISHER = Service.REGISTRATION
HEARER = Service.NOTIFICATIONS
HEARD = (Stream.REGISTRATION, Stream.PERSONAL)
DURABLES = [Durable(stream, HEARER.value) for stream in HEARD]

metadata = MetaData()
chassis_tables(metadata)
applied = Table(
    "applied",
    metadata,
    Column("place", BigInteger, primary_key=True, autoincrement=True),
    Column("event_id", Text, nullable=False),
    Column("aggregate_id", Text, nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("reason", Text),
)
notes = Table(
    "notes",
    metadata,
    Column("invitee", Text, primary_key=True),
    Column("text", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
)
written = Table("written", metadata, Column("number", BigInteger, primary_key=True))


def withdrawn(reason: str, invitee: str = CODES[0]) -> DelegationWithdrawn:
    """A fact that the hearer writes down; with a reason that begins with `poison`, `dies` or `hangs`, it cannot."""
    return DelegationWithdrawn(edition_id=EDITION, invitee=invitee, reason=reason)


def delivered(reason: str, version: int = 1, deliveries: int = 1, *, invitee: str = CODES[0]) -> Incoming:
    """Such a fact as its stream delivers it."""
    fact = withdrawn(reason, invitee)
    envelope = seal(fact, id=f"event-{reason}", at=SystemClock().now(), version=version)
    return Incoming(Stream.REGISTRATION.value, version, fact.subject, envelope.to_json(), {}, deliveries)


def refused(member_id: str, invitee: str = CODES[0]) -> DelegateRefused:
    """A fact of the same aggregate that the hearer has no handler for."""
    return DelegateRefused(edition_id=EDITION, invitee=invitee, member_id=member_id, reason="other")


def coded(secret: str, invitee: str = CODES[0]) -> AccessCodeIssued:
    """A fact on the other stream that the hearer reads."""
    return AccessCodeIssued(
        edition_id=EDITION,
        invitee=invitee,
        purpose="sign_in_code",
        secret=secret,
        expires_at=datetime(2022, 9, 1, tzinfo=UTC),
    )


class ProbeUnit:
    """The hearer's unit of work: what it applies is written as a set, at the end of the transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.rows: list[dict[str, object]] = []
        transaction.before_commit(self._write)

    def note(self, event: Envelope[Fact], says: str | None) -> None:
        """The fact will be among what was applied, and be answered by one of the hearer's own."""
        self.rows.append(
            {
                "event_id": event.id,
                "aggregate_id": event.aggregateid,
                "version": event.aggregateversion,
                "reason": says,
            }
        )
        self.transaction.stage(_answer(event))

    async def _write(self) -> None:
        if self.rows:
            await self.transaction.connection.execute(insert(applied), self.rows)


def _answer(event: Envelope[Fact]) -> Fact:
    history, _, invitee = event.aggregateid.split("/")
    return LetterFailed(
        edition_id=EDITION,
        letter_id=f"{history}-{invitee}",
        letter="probe",
        invitee=invitee,
        ending=LetterEnding.GAVE_UP,
        reason=f"after_{event.aggregateversion}",
        attempts=0,
    )


def hearing() -> Subscribers[ProbeUnit]:
    """The hearer's subscriptions, fresh, so that a test may change a handler of its own."""
    subscribers: Subscribers[ProbeUnit] = Subscribers(HEARER)
    subscribers.on(DelegationWithdrawn)(on_delegation_withdrawn)
    subscribers.on(AccessCodeIssued)(on_access_code_issued)
    return subscribers


async def on_delegation_withdrawn(event: Envelope[DelegationWithdrawn], unit: ProbeUnit) -> None:
    """The fact is written down, unless its reason says what happens instead."""
    reason = event.data.reason or ""
    if reason.startswith("poison"):
        raise RuntimeError(reason)
    if reason.startswith("dies"):
        os.kill(os.getpid(), signal.SIGKILL)
    if reason.startswith("hangs"):
        await asyncio.Event().wait()
    unit.note(event, reason)


async def on_access_code_issued(event: Envelope[AccessCodeIssued], unit: ProbeUnit) -> None:
    """The fact is written down."""
    unit.note(event, event.data.secret)


class ProbeSettings(ServiceSettings):
    """The chassis's settings and nothing else."""


async def make_tables(url: str) -> None:
    """The probe's tables are in this database."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()


async def publish(database: Database, *facts: Fact) -> None:
    """One transaction with these facts and nothing else."""
    async with database.transaction() as transaction:
        transaction.stage(*facts)


async def write_facts(database: Database, numbers: Sequence[int], *, aggregates: int = 7) -> None:
    """One transaction: a fact for each number; the fact's reason is the number."""
    await publish(database, *(withdrawn(str(number), CODES[number % aggregates]) for number in numbers))


async def applied_rows(database: Database) -> list[tuple[str, str, int, str | None]]:
    """Everything the hearer applied, in its order: event id, aggregate, version, reason."""
    query = select(applied.c.event_id, applied.c.aggregate_id, applied.c.version, applied.c.reason)
    async with database.engine.connect() as connection:
        rows = await connection.execute(query.order_by(applied.c.place))
        return [(row.event_id, row.aggregate_id, row.version, row.reason) for row in rows]


async def applied_reasons(database: Database) -> list[str | None]:
    """What everything the hearer applied said, in its order."""
    return [row[3] for row in await applied_rows(database)]


async def pending(database: Database) -> int:
    """How many committed facts are not published yet."""
    query = text("SELECT count(*) FROM outbox WHERE pub_seq IS NULL")
    async with database.engine.connect() as connection:
        return int((await connection.execute(query)).scalar_one())
