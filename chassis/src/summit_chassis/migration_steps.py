"""What migrations of every service do to the tables of the chassis.

A step says how the tables became what they are on its day. Databases have taken it, so it is never changed: a further change is a further step.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql


def create_tables_of_the_chassis() -> None:
    """Outbox, inbox, dead letters and idempotency keys stand, as of 2026-11-22."""
    _create_dead_letters()
    _create_idempotency()
    _create_inbox()
    _create_outbox()


def create_editions() -> None:
    """What a service has heard of each edition stands, as of 2026-11-22."""
    op.create_table(
        "editions",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("edition", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("edition_id"),
    )


def record_who_asked_for_a_replay() -> None:
    """A dead letter keeps who asked for it to be applied again, and when, as of 2026-11-25."""
    op.add_column("dead_letter", sa.Column("asked_by", sa.Text(), nullable=True))
    op.add_column("dead_letter", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))


def _create_dead_letters() -> None:
    op.create_table(
        "dead_letter",
        sa.Column("dead_letter_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("aggregate_key", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("died_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("dead_letter_id"),
    )
    op.create_index("dead_letter_aggregate", "dead_letter", ["aggregate_key", "seq"], unique=False)
    op.create_index(
        "dead_letter_open",
        "dead_letter",
        ["state", "died_at"],
        unique=False,
        postgresql_where=sa.text("state <> 'replayed'"),
    )


def _create_idempotency() -> None:
    op.create_table(
        "idempotency",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("account", "key"),
    )
    op.create_index(op.f("ix_idempotency_made_at"), "idempotency", ["made_at"], unique=False)


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_index(op.f("ix_inbox_applied_at"), "inbox", ["applied_at"], unique=False)
    op.create_table(
        "inbox_aggregate",
        sa.Column("aggregate_key", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("is_blocked", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("aggregate_key"),
    )
    op.create_table(
        "inbox_attempt",
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Text(), nullable=True),
        sa.Column("aggregate_version", sa.BigInteger(), nullable=True),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("headers", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("staged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pub_seq", sa.BigInteger(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("aggregate_id", "aggregate_version"),
        sa.UniqueConstraint("event_id"),
    )
    op.create_index("outbox_published", "outbox", ["stream", "pub_seq"], unique=False)
    op.create_index(
        "outbox_unpublished", "outbox", ["seq"], unique=False, postgresql_where=sa.text("pub_seq IS NULL")
    )
    op.create_table(
        "outbox_aggregate",
        sa.Column("aggregate_id", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("aggregate_id"),
    )
