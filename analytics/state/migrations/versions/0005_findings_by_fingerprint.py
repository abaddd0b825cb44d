"""Findings of the past by what they are about: what ended is not told again."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_findings_fingerprint", "findings", ["detector", "project", "fingerprint"], if_not_exists=True
    )
