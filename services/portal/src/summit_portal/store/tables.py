"""The tables of the portal: what it has heard. Nothing in them is its own, and all of it can be made anew from the streams."""

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from summit_chassis import editions as heard_editions
from summit_chassis.service import chassis_tables

metadata = MetaData()
chassis_tables(metadata)

editions = heard_editions.table(metadata)

records = Table(
    "records",
    metadata,
    Column("edition_id", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("invitees", ARRAY(Text), nullable=False),
    Column("document", JSONB, nullable=False),
    Index("records_invitees", "invitees", postgresql_using="gin"),
)
"""One row for each thing that pages show; `kind` says which class of `readmodel/kinds.py` its document is."""

happenings = Table(
    "happenings",
    metadata,
    Column("seq", BigInteger, Identity(always=True), primary_key=True),
    Column("edition_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("event_id", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("happened_at", DateTime(timezone=True), nullable=False),
    Index("happenings_edition", "edition_id", "seq"),
)
"""Every public fact in the order in which it was heard. `seq` counts in the order of commits, so whoever has read up to one has
missed none before it; it is not part of the read model, and stays when that is made anew."""
