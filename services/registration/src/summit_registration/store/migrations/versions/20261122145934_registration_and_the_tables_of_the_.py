"""registration and the tables of the chassis"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from summit_chassis import migration_steps

revision = "20261122145934"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    migration_steps.create_tables_of_the_chassis()
    migration_steps.create_editions()
    op.create_table(
        "history",
        sa.Column("place", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("invitee", sa.Text(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("fields", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("place"),
    )
    op.create_index("history_of_invitee", "history", ["edition_id", "invitee", "place"], unique=False)
    op.create_table(
        "invitations",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("invitee", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("focal", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("link_digest", sa.Text(), nullable=False),
        sa.Column("link_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("extensions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("codes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id"],
            ["editions.edition_id"],
        ),
        sa.PrimaryKeyConstraint("edition_id", "invitee"),
        sa.UniqueConstraint("link_digest"),
    )
    op.create_table(
        "delegations",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("invitee", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("draft", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id", "invitee"],
            ["invitations.edition_id", "invitations.invitee"],
        ),
        sa.PrimaryKeyConstraint("edition_id", "invitee"),
    )
    op.create_table(
        "members",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("invitee", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("function", sa.Text(), nullable=False),
        sa.Column("rank", sa.Text(), nullable=False),
        sa.Column("arrives_on", sa.Date(), nullable=True),
        sa.Column("leaves_on", sa.Date(), nullable=True),
        sa.Column("accreditation", sa.Text(), nullable=False),
        sa.Column("refused_for", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "leaves_on IS NULL OR arrives_on IS NULL OR arrives_on <= leaves_on", name="members_stay"
        ),
        sa.ForeignKeyConstraint(
            ["edition_id", "invitee"],
            ["delegations.edition_id", "delegations.invitee"],
        ),
        sa.PrimaryKeyConstraint("edition_id", "invitee", "member_id"),
    )
    op.create_index(
        "members_one_head",
        "members",
        ["edition_id", "invitee"],
        unique=True,
        postgresql_where=sa.text("function = 'head'"),
    )
    op.create_table(
        "wishes",
        sa.Column("bilateral_id", sa.Text(), nullable=False),
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("invitee", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("asked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["edition_id", "invitee"],
            ["delegations.edition_id", "delegations.invitee"],
        ),
        sa.PrimaryKeyConstraint("bilateral_id"),
    )
    op.create_index("wishes_of_delegation", "wishes", ["edition_id", "invitee"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
