"""webhooks and the tables of the chassis"""

import sqlalchemy as sa
from alembic import op

from summit_chassis import migration_steps

revision = "20261125105808"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    migration_steps.create_tables_of_the_chassis()
    op.create_table(
        "facts",
        sa.Column("number", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("event_id"),
    )
    op.create_table(
        "webhooks",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("pattern", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("former_secret", sa.Text(), nullable=True),
        sa.Column("former_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "attempts",
        sa.Column("webhook", sa.Text(), nullable=False),
        sa.Column("line", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("took", sa.Interval(), nullable=False),
        sa.ForeignKeyConstraint(["webhook"], ["webhooks.name"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("line"),
    )
    op.create_index("attempts_of_webhook", "attempts", ["webhook", "line"], unique=False)
    op.create_table(
        "deliveries",
        sa.Column("webhook", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("aggregate_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["number"],
            ["facts.number"],
        ),
        sa.ForeignKeyConstraint(["webhook"], ["webhooks.name"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("webhook", "number"),
    )
    op.create_index("deliveries_by_event", "deliveries", ["webhook", "event_id"], unique=True)
    op.create_index(
        "deliveries_due",
        "deliveries",
        ["webhook", "number"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        "deliveries_in_order",
        "deliveries",
        ["webhook", "aggregate_id", "number"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
