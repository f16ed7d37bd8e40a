"""rulings of the secretariat, solves that try others, names of timetables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261125082500"
down_revision = "20261122151450"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rulings",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("rulings", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("edition_id"),
    )
    op.add_column("timetables", sa.Column("name", sa.Text(), nullable=True))
    op.add_column("timetables", sa.Column("cause", sa.Text(), nullable=True))
    op.add_column("timetables", sa.Column("like_number", sa.Integer(), nullable=True))
    op.add_column(
        "solves",
        sa.Column("what_if", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
