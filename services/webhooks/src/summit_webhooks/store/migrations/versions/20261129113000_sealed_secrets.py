"""secrets are sealed; those that stand in clear are sealed when the service starts, because no migration has its key"""

import sqlalchemy as sa
from alembic import op

revision = "20261129113000"
down_revision = "20261125151205"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhooks", sa.Column("sealed_secret", sa.Text(), nullable=True))
    op.add_column("webhooks", sa.Column("sealed_former_secret", sa.Text(), nullable=True))
    op.alter_column("webhooks", "secret", existing_type=sa.Text(), nullable=True)


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
