"""The tables of webhooks. Secrets stand in `webhooks`, sealed (`store.seal`): they sign, so their digest would not do."""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Interval,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from summit_chassis.service import chassis_tables

metadata = MetaData()
chassis_tables(metadata)

facts = Table(
    "facts",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Text, nullable=False, unique=True),
    Column("type", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("aggregate_id", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Every public fact, as it is posted: a webhook that is added later is told of it too."""

webhooks = Table(
    "webhooks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("url", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("pattern", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("secret", Text),
    Column("former_secret", Text),
    Column("sealed_secret", Text),
    Column("sealed_former_secret", Text),
    Column("former_until", DateTime(timezone=True)),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("failing_since", DateTime(timezone=True)),
    Column("rests_until", DateTime(timezone=True)),
)
"""`secret` and `former_secret` are empty: in them secrets stood in clear, and the version that wants them is the one before."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("webhook", Text, ForeignKey("webhooks.name", ondelete="CASCADE"), primary_key=True),
    Column("number", BigInteger, ForeignKey("facts.number"), primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("aggregate_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("deliveries_due", "webhook", "number", postgresql_where=text("state = 'waiting'")),
    Index(
        "deliveries_in_order", "webhook", "aggregate_id", "number", postgresql_where=text("state = 'waiting'")
    ),
    Index("deliveries_by_event", "webhook", "event_id", unique=True),
)

attempts = Table(
    "attempts",
    metadata,
    Column("webhook", Text, ForeignKey("webhooks.name", ondelete="CASCADE"), nullable=False),
    Column("line", BigInteger, Identity(always=True), primary_key=True),
    Column("event_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("status", Integer),
    Column("reason", Text, nullable=False),
    Column("took", Interval, nullable=False),
    Index("attempts_of_webhook", "webhook", "line"),
)
"""The log: a line for each attempt, for as long as the settings say."""
