"""plan files: what a published timetable can be checked by"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261125103500"
down_revision = "20261125103000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "plan_files",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(["edition_id", "number"], ["timetables.edition_id", "timetables.number"]),
        sa.PrimaryKeyConstraint("edition_id", "number"),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
