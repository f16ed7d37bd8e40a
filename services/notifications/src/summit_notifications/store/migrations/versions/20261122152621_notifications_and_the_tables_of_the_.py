"""notifications and the tables of the chassis"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from summit_chassis import migration_steps

revision = "20261122152621"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    migration_steps.create_tables_of_the_chassis()
    migration_steps.create_editions()
    op.create_table(
        "calendar",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("bilateral_id", sa.Text(), nullable=False),
        sa.Column("entry", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "bilateral_id"),
    )
    op.create_table(
        "contacts",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("invitee", sa.Text(), nullable=False),
        sa.Column("contacts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "invitee"),
    )
    op.create_table(
        "extensions",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("invitee", sa.Text(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "invitee", "step"),
    )
    op.create_table(
        "invitations",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("invitee", sa.Text(), nullable=False),
        sa.Column("issued", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "invitee"),
    )
    op.create_table(
        "letters",
        sa.Column("letter_id", sa.Text(), nullable=False),
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("invitee", sa.Text(), nullable=False),
        sa.Column("member_id", sa.Text(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("content", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("void_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Text(), nullable=True),
        sa.Column("is_last_attempt", sa.Boolean(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("recipients", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("answer", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.PrimaryKeyConstraint("letter_id"),
    )
    op.create_index(
        "letters_due",
        "letters",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'retrying', 'sending', 'handing_over')"),
    )
    op.create_index("letters_of_invitee", "letters", ["edition_id", "invitee", "letter_id"], unique=False)
    op.create_table(
        "publications",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("publication", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "number"),
    )
    op.create_index(
        "publications_open", "publications", ["is_open"], unique=False, postgresql_where=sa.text("is_open")
    )


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
