"""the history holds no note of the secretariat: why somebody is held stands with the nomination alone"""

from alembic import op

revision = "20261129160500"
down_revision = "20261125151200"
branch_labels = None
depends_on = None

# A note stood in place of a reason of refusal, too; the reasons themselves stay.
_NOTES = """
    UPDATE history SET why = NULL WHERE why IS NOT NULL AND (
        action IN ('delegate_cleared', 'delegate_held', 'delegate_released', 'delegate_accredited')
        OR (action = 'delegate_refused'
            AND why NOT IN ('incomplete_papers', 'security', 'over_quota', 'duplicate', 'other')))
"""


def upgrade() -> None:
    op.execute(_NOTES)


def downgrade() -> None:
    raise NotImplementedError("migrations only go forward: expand, migrate, contract")
