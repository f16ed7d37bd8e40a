"""the portal and the tables of the chassis"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from summit_chassis import migration_steps

revision = "20261125075000"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    migration_steps.create_tables_of_the_chassis()
    migration_steps.create_editions()
    op.create_table(
        "records",
        sa.Column("edition_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("invitees", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("document", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("edition_id", "kind", "key"),
    )
    op.create_index("records_invitees", "records", ["invitees"], unique=False, postgresql_using="gin")


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
