"""Two small services on the real chassis, for tests of the chassis itself: a publisher of facts and a hearer of them.

The publisher speaks as registration, the hearer hears as scheduling; each has a database of its own. The hearer writes down
every fact it applies, so that a test can compare what was committed on one side with what took effect on the other.
"""

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, MetaData, Table, Text, insert, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from summit_chassis.database import Database, Transaction
from summit_chassis.service import chassis_tables
from summit_chassis.settings import ServiceSettings
from summit_chassis.subscribers import Subscribers
from summit_contracts.envelope import Envelope
from summit_contracts.fact import Service
from summit_contracts.registration import DelegationWithdrawn

EDITION = "probe"
CODES = tuple(f"{first}{second}" for first in "ABCDEFGHIJ" for second in "ABCDEFGHIJ")

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
written = Table(
    "written",
    metadata,
    Column("number", BigInteger, primary_key=True),
    Column("aggregate_id", Text, nullable=False),
)


class ProbeUnit:
    """The hearer's unit of work: what it applies is written as a set, at the end of the transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self.transaction = transaction
        self.rows: list[dict[str, object]] = []
        transaction.before_commit(self._write)

    def note(self, event: Envelope[DelegationWithdrawn]) -> None:
        """The fact will be among what was applied."""
        self.rows.append(
            {
                "event_id": event.id,
                "aggregate_id": event.aggregateid,
                "version": event.aggregateversion,
                "reason": event.data.reason,
            }
        )

    async def _write(self) -> None:
        if self.rows:
            await self.transaction.connection.execute(insert(applied), self.rows)


subscribers: Subscribers[ProbeUnit] = Subscribers(Service.SCHEDULING)


@subscribers.on(DelegationWithdrawn)
async def on_delegation_withdrawn(event: Envelope[DelegationWithdrawn], unit: ProbeUnit) -> None:
    """The fact is written down; a reason that begins with `poison` fails."""
    if event.data.reason and event.data.reason.startswith("poison"):
        raise RuntimeError(event.data.reason)
    unit.note(event)


class ProbeSettings(ServiceSettings):
    """The chassis's settings and nothing else."""


async def make_tables(url: str) -> None:
    """The probe's tables are in this database."""
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()


async def write_facts(database: Database, numbers: Sequence[int], *, aggregates: int = 7) -> None:
    """One transaction: a row and a fact for each number; the fact's reason is the number."""
    async with database.transaction() as transaction:
        for number in numbers:
            fact = DelegationWithdrawn(
                edition_id=EDITION, invitee=CODES[number % aggregates], reason=str(number)
            )
            await transaction.connection.execute(
                insert(written).values(number=number, aggregate_id=fact.aggregate_id)
            )
            transaction.stage(fact)


async def applied_rows(database: Database) -> list[tuple[str, str, int, str | None]]:
    """Everything the hearer applied, in its order: event id, aggregate, version, reason."""
    async with database.engine.connect() as connection:
        query = select(
            applied.c.event_id, applied.c.aggregate_id, applied.c.version, applied.c.reason
        ).order_by(applied.c.place)
        return [
            (row.event_id, row.aggregate_id, row.version, row.reason)
            for row in await connection.execute(query)
        ]


async def pending(database: Database) -> int:
    """How many committed facts are not published yet."""
    async with database.engine.connect() as connection:
        return int(
            (await connection.execute(text("SELECT count(*) FROM outbox WHERE pub_seq IS NULL"))).scalar_one()
        )
