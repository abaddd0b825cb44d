"""Changes that were seen in traces: what an agent did not have before.

A version, a model, a tool that it calls; a system prompt, a set of tools that its models are offered.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from analytics.api import models
from analytics.deployments.ledger import DEPLOYMENTS_MAX
from analytics.deployments.seen_prompts import KNOWN, seen_prompts
from analytics.period import Period
from analytics.rfc3339 import rfc3339
from collector.store.statement import statement
from collector.store.store import Store


def seen_changes(store: Store, project: str, period: Period) -> Sequence[models.Deployment]:
    """Return what was first counted in a period, by the hour."""
    known_s = max(0, int((period.start - KNOWN).timestamp()))
    parameters = {"project": project, "known_s": known_s, "rows_max": DEPLOYMENTS_MAX}
    rows = store.query(statement(__package__, "seen.sql"), {**period.parameters, **parameters})
    found = [
        models.Deployment(
            id=None,
            source="seen",
            what=row["what"],
            environment=row["environment"],
            agent=row["agent"],
            version=row["version"],
            note="",
            at=rfc3339(datetime.fromtimestamp(row["hour_s"], UTC)),
        )
        for row in rows
    ]
    return [*found, *seen_prompts(store, project, period)]
