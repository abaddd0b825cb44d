"""The tables as the newest migration leaves them."""

from sqlalchemy import JSON, Column, Float, ForeignKey, Index, Integer, MetaData, Table, Text, literal

from analytics.state.instant import Instant

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

# One row for each opening: what opens again after it was resolved gets a new row.
findings = Table(
    "findings",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project", Text, nullable=False),
    Column("detector", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("advice", Text, nullable=False),
    Column("agents", JSON, nullable=False),
    Column("trace_ids", JSON, nullable=False),
    Column("span_ids", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("since", Instant, nullable=False),
    Column("first_seen", Instant, nullable=False),
    Column("last_seen", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("missed_looks", Integer, nullable=False),
    Column("resolution", Text),
    Column("resolution_word", Text),
)
# Written into each statement as it is: a parameter would keep PostgreSQL from the partial indexes.
IS_OPEN = findings.c.state == literal("open", literal_execute=True)
Index(
    "ux_findings_open",
    findings.c.detector,
    findings.c.project,
    findings.c.fingerprint,
    unique=True,
    sqlite_where=IS_OPEN,
    postgresql_where=IS_OPEN,
)
Index("ix_findings_fingerprint", findings.c.detector, findings.c.project, findings.c.fingerprint)
Index("ix_findings_first_seen", findings.c.first_seen, findings.c.id)
Index("ix_findings_project", findings.c.project, findings.c.first_seen, findings.c.id)

# What a finding is about, to look findings up by it: kind is agent or trace.
finding_subjects = Table(
    "finding_subjects",
    metadata,
    Column("finding_id", Text, ForeignKey("findings.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("value", Text, primary_key=True),
)
Index("ix_finding_subjects_value", finding_subjects.c.kind, finding_subjects.c.value)

# Seen on the last look for the first time, and not open yet.
sightings = Table(
    "sightings",
    metadata,
    Column("detector", Text, primary_key=True),
    Column("project", Text, primary_key=True),
    Column("fingerprint", Text, primary_key=True),
    Column("first_seen", Instant, nullable=False),
)

# The outbox: one row for each message to one webhook. `step` is the place in the retry schedule.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Text, primary_key=True),
    Column("webhook", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("finding_id", Text, ForeignKey("findings.id", ondelete="CASCADE")),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("step", Integer, nullable=False),
    Column("created", Instant, nullable=False),
    Column("last_attempt", Instant),
    Column("next_attempt", Instant),
    Column("leased_until", Instant),
    Column("status_code", Integer),
    Column("latency_s", Float),
    Column("error", Text),
    Column("request_body", Text, nullable=False),
    Column("response_body", Text),
    Column("project", Text, nullable=False, server_default="default"),
)
IS_PENDING = deliveries.c.state == literal("pending", literal_execute=True)
Index("ix_deliveries_created", deliveries.c.created, deliveries.c.id)
Index("ix_deliveries_project", deliveries.c.project, deliveries.c.created, deliveries.c.id)
Index(
    "ix_deliveries_due",
    deliveries.c.webhook,
    deliveries.c.next_attempt,
    deliveries.c.created,
    deliveries.c.id,
    sqlite_where=IS_PENDING,
    postgresql_where=IS_PENDING,
)
Index(
    "ix_deliveries_finding_pending",
    deliveries.c.finding_id,
    sqlite_where=IS_PENDING,
    postgresql_where=IS_PENDING,
)

# What was asked to be erased, which is also the record of it: whose data it was is kept as a digest alone
# once that is done. `counts` and `proof` are rows by table, before and after.
erasures = Table(
    "erasures",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Text),
    Column("digest", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("requested", Instant, nullable=False),
    Column("deleted", Instant),
    Column("finished", Instant),
    Column("counts", JSON, nullable=False),
    Column("proof", JSON),
)
Index("ix_erasures_project", erasures.c.project, erasures.c.requested, erasures.c.id)

# A key that was revoked stays: that there ever was one means that nobody is served without.
api_keys = Table(
    "api_keys",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("created", Instant, nullable=False),
    Column("expires", Instant),
    Column("revoked", Instant),
    # null: as the settings say
    Column("requests_per_s", Float),
    Column("spans_per_s", Float),
    Column("bytes_per_s", Float),
)

# A known change: an agent, or all of an environment or project where it is ''.
deployments = Table(
    "deployments",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project", Text, nullable=False),
    Column("environment", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reported_by", Text, nullable=False),
)
Index("ix_deployments_project", deployments.c.project, deployments.c.at, deployments.c.id)

# What a series does since a time is its new normal: nothing before it is compared with any more.
accepted_drifts = Table(
    "accepted_drifts",
    metadata,
    Column("id", Text, primary_key=True),
    Column("project", Text, nullable=False),
    Column("series", Text, nullable=False),
    Column("since", Instant, nullable=False),
    Column("at", Instant, nullable=False),
    Column("accepted_by", Text, nullable=False),
    Column("note", Text, nullable=False),
)
Index("ix_accepted_drifts_series", accepted_drifts.c.project, accepted_drifts.c.series, accepted_drifts.c.at)
