"""The tables of pledges. What is asked for has a column of its own; what is promised stands in one piece, as it was said."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from summit_chassis import editions as heard_editions
from summit_chassis.service import chassis_tables

metadata = MetaData()
chassis_tables(metadata)

editions = heard_editions.table(metadata)

needs = Table(
    "needs",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("need_id", Text, primary_key=True),
    Column("category", Text, nullable=False),
    Column("capability", Text, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("need", JSONB, nullable=False),
    ForeignKeyConstraint(["edition_id"], ["editions.edition_id"]),
)

pledges = Table(
    "pledges",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("pledge_id", Text, primary_key=True),
    Column("place", BigInteger, Identity(always=True), nullable=False),
    Column("pledger", Text, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("need_id", Text),
    Column("reference", Text),
    Column("openness", Text, nullable=False),
    Column("embargo_until_at", DateTime(timezone=True)),
    Column("held_back", ARRAY(Text), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("stated_at_revision", Integer, nullable=False),
    Column("made_at", DateTime(timezone=True)),
    Column("published_at", DateTime(timezone=True)),
    Column("promise", JSONB, nullable=False),
    Column("history", JSONB, nullable=False),
    ForeignKeyConstraint(["edition_id"], ["editions.edition_id"]),
    ForeignKeyConstraint(["edition_id", "need_id"], ["needs.edition_id", "needs.need_id"]),
    CheckConstraint(
        "(openness = 'embargoed') = (embargo_until_at IS NOT NULL)", name="pledges_embargo_has_an_end"
    ),
    CheckConstraint("(stage = 'draft') = (made_at IS NULL)", name="pledges_made_at_a_moment"),
    CheckConstraint(
        "published_at IS NULL OR (made_at IS NOT NULL AND openness = 'public')", name="pledges_published"
    ),
    Index(
        "pledges_reference",
        "edition_id",
        "reference",
        unique=True,
        postgresql_where=text("reference IS NOT NULL"),
    ),
    Index("pledges_of_pledger", "edition_id", "pledger", "pledge_id"),
    Index("pledges_of_need", "edition_id", "need_id", postgresql_where=text("need_id IS NOT NULL")),
    Index(
        "pledges_under_embargo",
        "embargo_until_at",
        postgresql_where=text("openness = 'embargoed' AND published_at IS NULL"),
    ),
)

adherences = Table(
    "adherences",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("compact", Text, primary_key=True),
    Column("adherent", Text, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("is_known", Boolean, nullable=False),
    Column("notified_on", Date),
    Column("instrument", JSONB(none_as_null=True)),
    Column("withdrawn_on", Date),
    ForeignKeyConstraint(["edition_id"], ["editions.edition_id"]),
)
