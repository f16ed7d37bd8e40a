"""stages of accreditation: what waits since when, and what is held"""

import sqlalchemy as sa
from alembic import op

revision = "20261125074500"
down_revision = "20261122145934"
branch_labels = None
depends_on = None

_NAMED_SINCE = """
    UPDATE members SET waits_since = coalesce(
        (SELECT max(history.at) FROM history
         WHERE history.edition_id = members.edition_id AND history.invitee = members.invitee), now())
"""


def upgrade() -> None:
    # The defaults of the database serve older code that still runs and writes rows without these columns.
    op.add_column(
        "members",
        sa.Column("waits_since", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.execute(_NAMED_SINCE)
    op.add_column("members", sa.Column("is_cleared", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("members", sa.Column("held_for", sa.Text(), nullable=True))
    op.create_index("members_by_accreditation", "members", ["edition_id", "accreditation", "member_id"])
