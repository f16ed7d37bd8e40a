"""The tables of scheduling. That nobody and no room is in two meetings at a time, the database itself holds."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE, ExcludeConstraint

from summit_chassis import editions as heard_editions
from summit_chassis.service import chassis_tables

metadata = MetaData()
chassis_tables(metadata)

editions = heard_editions.table(metadata)

bilaterals = Table(
    "bilaterals",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("bilateral_id", Text, primary_key=True),
    Column("place", BigInteger, Identity(always=True), nullable=False),
    Column("requester", Text, nullable=False),
    Column("counterparts", ARRAY(Text), nullable=False),
    Column("between", ARRAY(Text), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("topic", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("thread", JSONB, nullable=False),
    Column("status", Text, nullable=False),
    Column("accepted_by", ARRAY(Text), nullable=False),
    Column("placement", JSONB),
    Column("room", Text),
    Column("during", TSTZRANGE),
    Column("unplaced_why", Text),
    Column("revision", Integer, nullable=False),
    Index("bilaterals_between", "edition_id", "between"),
    Index("bilaterals_by_status", "edition_id", "status"),
    ExcludeConstraint(
        ("edition_id", "="),
        ("room", "="),
        ("during", "&&"),
        name="bilaterals_one_at_a_time_in_a_room",
        using="gist",
        deferrable=True,
        initially="DEFERRED",
    ),
)

parties = Table(
    "parties",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("bilateral_id", Text, primary_key=True),
    Column("party", Text, primary_key=True),
    Column("during", TSTZRANGE),
    ForeignKeyConstraint(
        ["edition_id", "bilateral_id"], ["bilaterals.edition_id", "bilaterals.bilateral_id"]
    ),
    Index("parties_of_invitee", "edition_id", "party"),
    ExcludeConstraint(
        ("edition_id", "="),
        ("party", "="),
        ("during", "&&"),
        name="parties_one_meeting_at_a_time",
        using="gist",
        deferrable=True,
        initially="DEFERRED",
    ),
)

availabilities = Table(
    "availabilities",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("representatives", JSONB(none_as_null=True)),
    Column("blocked", JSONB, nullable=False),
    Column("is_withdrawn", Boolean, nullable=False, server_default=text("false")),
    Column("revision", Integer, nullable=False),
)

rulings = Table(
    "rulings",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("rulings", JSONB, nullable=False),
)

timetables = Table(
    "timetables",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("published_at", DateTime(timezone=True), nullable=False),
    Column("placements", JSONB, nullable=False),
    Column("unplaced", JSONB, nullable=False),
    Column("moved_because", JSONB, nullable=False),
    Column("at_most", Integer, nullable=False),
    Column("certificate", JSONB, nullable=False),
    Column("name", Text),
    Column("cause", Text),
    Column("like_number", Integer),
)

plan_files = Table(
    "plan_files",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("document", JSONB, nullable=False),
    ForeignKeyConstraint(["edition_id", "number"], ["timetables.edition_id", "timetables.number"]),
)

solves = Table(
    "solves",
    metadata,
    Column("solve_id", Text, primary_key=True),
    Column("edition_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("seconds", Integer, nullable=False),
    Column("seed", Integer, nullable=False),
    Column("kind", Text, nullable=False, server_default=text("'anew'")),
    Column("requested_by", Text, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("taken_at", DateTime(timezone=True)),
    Column("progress", JSONB(none_as_null=True)),
    Column("plan", JSONB(none_as_null=True)),
    Column("at_most", Integer),
    Column("agreed", Integer),
    Column("failure", Text),
    Column("number", Integer),
    Column("what_if", JSONB(none_as_null=True)),
    Column("is_stopping", Boolean, nullable=False, server_default=text("false")),
    Index("solves_waiting", "requested_at", postgresql_where=text("state IN ('waiting', 'solving')")),
    Index("solves_of_edition", "edition_id", "requested_at"),
)
