"""what a solve makes of the timetable that holds"""

import sqlalchemy as sa
from alembic import op

revision = "20261125103000"
down_revision = "20261125083000"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("solves", sa.Column("kind", sa.Text(), server_default=sa.text("'anew'"), nullable=False))


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
