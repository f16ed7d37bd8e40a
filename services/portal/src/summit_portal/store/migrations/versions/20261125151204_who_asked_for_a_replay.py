"""who asked for a dead letter to be applied again, and when"""

import sqlalchemy as sa
from alembic import op

revision = "20261125151204"
down_revision = "20261125105500"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("dead_letter", sa.Column("asked_by", sa.Text(), nullable=True))
    op.add_column("dead_letter", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
