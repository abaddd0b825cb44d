"""Since when a version is there: what a build pipeline asks about is what it has just put out."""

from datetime import UTC, datetime

from analytics.rfc3339 import unix_ns
from collector.store.statement import statement
from collector.store.store import Store


def version_seen(
    store: Store, project: str, version: str, since: datetime, agent: str = ""
) -> datetime | None:
    """Return when a version first began something, at a time or later; None where it did not.

    Parameters
    ----------
    agent
        Whose version it is; '' is anybody's.
    """
    parameters = {"project": project, "version": version, "since_ns": unix_ns(since), "agent": agent}
    rows = store.query(statement(__package__, "version_seen.sql"), parameters)
    return datetime.fromtimestamp(rows[0]["at_ns"] / 1e9, UTC) if len(rows) else None
