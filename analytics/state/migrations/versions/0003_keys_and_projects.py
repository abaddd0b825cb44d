"""API keys, and the project of each delivery: that of its finding, or the default one of a trial."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_api_keys()
    op.add_column("deliveries", sa.Column("project", sa.Text, nullable=False, server_default="default"))
    op.execute(
        "UPDATE deliveries SET project = (SELECT project FROM findings WHERE findings.id = finding_id) "
        "WHERE finding_id IS NOT NULL"
    )
    op.create_index("ix_deliveries_project", "deliveries", ["project", "created", "id"])
    op.create_index("ix_findings_project", "findings", ["project", "first_seen", "id"])


def _create_api_keys() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("scopes", sa.JSON, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("expires", sa.BigInteger),
        sa.Column("revoked", sa.BigInteger),
        sa.Column("requests_per_s", sa.Float),
        sa.Column("spans_per_s", sa.Float),
        sa.Column("bytes_per_s", sa.Float),
    )
