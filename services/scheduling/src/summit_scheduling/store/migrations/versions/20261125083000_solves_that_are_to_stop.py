"""solves that are to stop and keep their best plan"""

import sqlalchemy as sa
from alembic import op

revision = "20261125083000"
down_revision = "20261125082500"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "solves", sa.Column("is_stopping", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
