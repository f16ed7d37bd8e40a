"""letters by age"""

from alembic import op

revision = "20261129180000"
down_revision = "20261125151203"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("letters_by_age", "letters", ["edition_id", "written_at", "letter_id"], unique=False)


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
