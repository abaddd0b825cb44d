"""Findings, what they are about, sightings, and the outbox of deliveries."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_findings()
    _create_finding_subjects()
    _create_sightings()
    _create_deliveries()


def _create_findings() -> None:
    op.create_table(
        "findings",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("project", sa.Text, nullable=False),
        sa.Column("detector", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("severity", sa.Text, nullable=False),
        sa.Column("grade", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("advice", sa.Text, nullable=False),
        sa.Column("agents", sa.JSON, nullable=False),
        sa.Column("trace_ids", sa.JSON, nullable=False),
        sa.Column("span_ids", sa.JSON, nullable=False),
        sa.Column("evidence", sa.JSON, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
        sa.Column("last_seen", sa.BigInteger, nullable=False),
        sa.Column("resolved_at", sa.BigInteger),
        sa.Column("missed_looks", sa.Integer, nullable=False),
    )
    _create_index_where(
        "ux_findings_open", "findings", ["detector", "project", "fingerprint"], "state = 'open'", unique=True
    )
    op.create_index("ix_findings_first_seen", "findings", ["first_seen", "id"])


def _create_finding_subjects() -> None:
    op.create_table(
        "finding_subjects",
        sa.Column("finding_id", sa.Text, sa.ForeignKey("findings.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, primary_key=True),
    )
    op.create_index("ix_finding_subjects_value", "finding_subjects", ["kind", "value"])


def _create_sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("detector", sa.Text, primary_key=True),
        sa.Column("project", sa.Text, primary_key=True),
        sa.Column("fingerprint", sa.Text, primary_key=True),
        sa.Column("first_seen", sa.BigInteger, nullable=False),
    )


def _create_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("webhook", sa.Text, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("finding_id", sa.Text, sa.ForeignKey("findings.id", ondelete="CASCADE")),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("last_attempt", sa.BigInteger),
        sa.Column("next_attempt", sa.BigInteger),
        sa.Column("leased_until", sa.BigInteger),
        sa.Column("status_code", sa.Integer),
        sa.Column("latency_s", sa.Float),
        sa.Column("error", sa.Text),
        sa.Column("request_body", sa.Text, nullable=False),
        sa.Column("response_body", sa.Text),
    )
    op.create_index("ix_deliveries_created", "deliveries", ["created", "id"])
    due = ["webhook", "next_attempt", "created", "id"]
    _create_index_where("ix_deliveries_due", "deliveries", due, "state = 'pending'")
    _create_index_where("ix_deliveries_finding_pending", "deliveries", ["finding_id"], "state = 'pending'")


def _create_index_where(
    name: str, table: str, columns: list[str], condition: str, *, unique: bool = False
) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)
