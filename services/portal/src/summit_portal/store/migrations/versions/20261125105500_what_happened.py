"""what happened, in the order in which it was heard"""

import sqlalchemy as sa
from alembic import op

revision = "20261125105500"
down_revision = "20261125075000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "happenings",
        sa.Column("seq", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_index("happenings_edition", "happenings", ["edition_id", "seq"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
