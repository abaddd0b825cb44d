"""Why a finding was resolved; what was resolved before does not say."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("findings", sa.Column("resolution", sa.Text))
    op.add_column("findings", sa.Column("resolution_word", sa.Text))
