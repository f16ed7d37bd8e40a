"""scheduling and the tables of the chassis"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from summit_chassis import migration_steps

revision = "20261122151450"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    migration_steps.create_tables_of_the_chassis()
    migration_steps.create_editions()
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")  # trusted: the owner of the database may
    op.create_table(
        "availabilities",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column(
            "representatives", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True
        ),
        sa.Column("blocked", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "code"),
    )
    op.create_table(
        "bilaterals",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("bilateral_id", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("requester", sa.Text(), nullable=False),
        sa.Column("counterparts", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("between", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("thread", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("accepted_by", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("placement", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("room", sa.Text(), nullable=True),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=True),
        sa.Column("unplaced_why", sa.Text(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        postgresql.ExcludeConstraint(
            (sa.column("edition_id"), "="),
            (sa.column("room"), "="),
            (sa.column("during"), "&&"),
            deferrable=True,
            initially="DEFERRED",
            using="gist",
            name="bilaterals_one_at_a_time_in_a_room",
        ),
        sa.PrimaryKeyConstraint("edition_id", "bilateral_id"),
    )
    op.create_index("bilaterals_between", "bilaterals", ["edition_id", "between"], unique=False)
    op.create_index("bilaterals_by_status", "bilaterals", ["edition_id", "status"], unique=False)
    op.create_table(
        "solves",
        sa.Column("solve_id", sa.Text(), nullable=False),
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("requested_by", sa.Text(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("plan", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("at_most", sa.Integer(), nullable=True),
        sa.Column("agreed", sa.Integer(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("solve_id"),
    )
    op.create_index("solves_of_edition", "solves", ["edition_id", "requested_at"], unique=False)
    op.create_index(
        "solves_waiting",
        "solves",
        ["requested_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('waiting', 'solving')"),
    )
    op.create_table(
        "timetables",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("placements", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("unplaced", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("moved_because", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("at_most", sa.Integer(), nullable=False),
        sa.Column("certificate", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "number"),
    )
    op.create_table(
        "parties",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("bilateral_id", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("during", postgresql.TSTZRANGE(), nullable=True),
        postgresql.ExcludeConstraint(
            (sa.column("edition_id"), "="),
            (sa.column("party"), "="),
            (sa.column("during"), "&&"),
            deferrable=True,
            initially="DEFERRED",
            using="gist",
            name="parties_one_meeting_at_a_time",
        ),
        sa.ForeignKeyConstraint(
            ["edition_id", "bilateral_id"],
            ["bilaterals.edition_id", "bilaterals.bilateral_id"],
        ),
        sa.PrimaryKeyConstraint("edition_id", "bilateral_id", "party"),
    )
    op.create_index("parties_of_invitee", "parties", ["edition_id", "party"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
