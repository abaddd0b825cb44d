"""Deployments that were reported, in the state database."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, insert, select

from analytics.api import models
from analytics.rfc3339 import rfc3339
from analytics.state.tables import deployments
from analytics.state.text import storable
from analytics.state.transaction import writing

# What one call returns, and what is compared with; the latest.
DEPLOYMENTS_MAX = 1_000


class DeploymentLedger:
    """Remembers every deployment that was reported."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def report(
        self, project: str, wanted: models.DeploymentWanted, reported_by: str, now: datetime
    ) -> models.Deployment:
        """Take note of a change, at the time that is said or now."""
        texts = {
            name: storable(getattr(wanted, name)) for name in ("agent", "environment", "version", "note")
        }
        record = {
            "id": uuid.uuid4().hex,
            "project": project,
            "at": wanted.at or now,
            "reported_by": storable(reported_by),
            **texts,
        }
        with writing(self._engine) as connection:
            connection.execute(insert(deployments), record)
        return _shown(record)

    def list(self, project: str, start: datetime, end: datetime) -> Sequence[models.Deployment]:
        """Return those at a time in [start, end), the latest first."""
        query = (
            select(deployments)
            .where(deployments.c.project == project, deployments.c.at >= start, deployments.c.at < end)
            .order_by(deployments.c.at.desc(), deployments.c.id)
            .limit(DEPLOYMENTS_MAX)
        )
        with self._engine.connect() as connection:
            return [_shown(dict(row)) for row in connection.execute(query).mappings()]


def _shown(record: dict[str, Any]) -> models.Deployment:
    names = ("id", "environment", "agent", "version", "note")
    return models.Deployment(
        source="reported",
        what="deployment",
        at=rfc3339(record["at"]),
        **{name: record[name] for name in names},
    )
