"""who asked for a dead letter to be applied again, and when"""

from summit_chassis import migration_steps

revision = "20261125151201"
down_revision = "20261125103500"
branch_labels = None
depends_on = None


def upgrade() -> None:
    migration_steps.record_who_asked_for_a_replay()


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
