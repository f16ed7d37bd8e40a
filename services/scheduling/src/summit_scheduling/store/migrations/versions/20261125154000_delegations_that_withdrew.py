"""delegations that withdrew"""

import sqlalchemy as sa
from alembic import op

revision = "20261125154000"
down_revision = "20261125151201"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "availabilities",
        sa.Column("is_withdrawn", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
