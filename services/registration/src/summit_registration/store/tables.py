"""The tables of registration. What the database can hold, it holds: one head per delegation, one link per invitation."""

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
    false,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from summit_chassis.service import chassis_tables

metadata = MetaData()
chassis_tables(metadata)

editions = Table(
    "editions",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("edition", JSONB, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("invitee", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("focal", JSONB, nullable=False),
    Column("link_digest", Text, nullable=False, unique=True),
    Column("link_expires_at", DateTime(timezone=True), nullable=False),
    Column("extensions", JSONB, nullable=False),
    Column("codes", JSONB, nullable=False),
    Column("revision", Integer, nullable=False),
    ForeignKeyConstraint(["edition_id"], ["editions.edition_id"]),
)

delegations = Table(
    "delegations",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("invitee", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("draft", JSONB),
    Column("revision", Integer, nullable=False),
    ForeignKeyConstraint(["edition_id", "invitee"], ["invitations.edition_id", "invitations.invitee"]),
)

members = Table(
    "members",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("invitee", Text, primary_key=True),
    Column("member_id", Text, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("person", JSONB, nullable=False),
    Column("function", Text, nullable=False),
    Column("rank", Text, nullable=False),
    Column("arrives_on", Date),
    Column("leaves_on", Date),
    Column("accreditation", Text, nullable=False),
    Column("refused_for", Text),
    Column("waits_since", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("is_cleared", Boolean, nullable=False, server_default=false()),
    Column("held_for", Text),
    ForeignKeyConstraint(["edition_id", "invitee"], ["delegations.edition_id", "delegations.invitee"]),
    CheckConstraint(
        "leaves_on IS NULL OR arrives_on IS NULL OR arrives_on <= leaves_on", name="members_stay"
    ),
    Index("members_by_accreditation", "edition_id", "accreditation", "member_id"),
    Index(
        "members_one_head", "edition_id", "invitee", unique=True, postgresql_where=text("function = 'head'")
    ),
)

wishes = Table(
    "wishes",
    metadata,
    Column("bilateral_id", Text, primary_key=True),
    Column("edition_id", Text, nullable=False),
    Column("invitee", Text, nullable=False),
    Column("place", Integer, nullable=False),
    Column("asked", JSONB, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    ForeignKeyConstraint(["edition_id", "invitee"], ["delegations.edition_id", "delegations.invitee"]),
    Index("wishes_of_delegation", "edition_id", "invitee"),
)

history = Table(
    "history",
    metadata,
    Column("place", BigInteger, Identity(always=True), primary_key=True),
    Column("edition_id", Text, nullable=False),
    Column("invitee", Text),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("by", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("why", Text),
    Column("subject", Text),
    Column("fields", JSONB, nullable=False),
    Column("revision", Integer, nullable=False),
    Index("history_of_invitee", "edition_id", "invitee", "place"),
)
