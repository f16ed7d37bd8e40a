"""The tables of notifications. Names and addresses stand in `contacts`, secrets in letters that have not left yet."""

from sqlalchemy import (
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from summit_chassis import editions as heard_editions
from summit_chassis.service import chassis_tables

metadata = MetaData()
chassis_tables(metadata)

editions = heard_editions.table(metadata)

invitations = Table(
    "invitations",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("invitee", Text, primary_key=True),
    Column("issued", JSONB, nullable=False),
)

extensions = Table(
    "extensions",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("invitee", Text, primary_key=True),
    Column("step", Text, primary_key=True),
    Column("until_at", DateTime(timezone=True), nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("invitee", Text, primary_key=True),
    Column("contacts", JSONB, nullable=False),
)

calendar = Table(
    "calendar",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("bilateral_id", Text, primary_key=True),
    Column("entry", JSONB, nullable=False),
)

feeds = Table(
    "feeds",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("invitee", Text, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    Column("opened_at", DateTime(timezone=True), nullable=False),
)

publications = Table(
    "publications",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("publication", JSONB, nullable=False),
    Column("is_open", Boolean, nullable=False),
    Index("publications_open", "is_open", postgresql_where=text("is_open")),
)

letters = Table(
    "letters",
    metadata,
    Column("letter_id", Text, primary_key=True),
    Column("edition_id", Text, nullable=False),
    Column("letter", Text, nullable=False),
    Column("invitee", Text, nullable=False),
    Column("member_id", Text),
    Column("cause", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("part", Integer, nullable=False),
    Column("content", JSONB(none_as_null=True)),
    Column("written_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("void_at", DateTime(timezone=True)),
    Column("first_tried_at", DateTime(timezone=True)),
    Column("attempts", Integer, nullable=False),
    Column("attempt_id", Text),
    Column("is_last_attempt", Boolean, nullable=False),
    Column("language", Text),
    Column("recipients", JSONB, nullable=False),
    Column("reason", Text),
    Column("answer", JSONB(none_as_null=True)),
    Index(
        "letters_due",
        "due_at",
        postgresql_where=text("state IN ('queued', 'retrying', 'sending', 'handing_over')"),
    ),
    Index("letters_of_invitee", "edition_id", "invitee", "letter_id"),
    Index("letters_by_age", "edition_id", "written_at", "letter_id"),
)
