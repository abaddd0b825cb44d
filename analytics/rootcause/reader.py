"""Reads what goes with the failing of the traces of one root."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analytics.rfc3339 import unix_ns
from analytics.rootcause.spectrum import Cause, Feature, causes
from collector.store.statement import statement
from collector.store.store import Store

# Traces of each side that are compared, the latest: what this costs does not grow with the rest.
TRACES_MAX = 2_000
FEATURES_MAX = 10_000
TEXT_MAX = 200


@dataclass(frozen=True, slots=True)
class Comparison:
    """Failing traces of a root against passing ones.

    Parameters
    ----------
    causes
        The strongest first; none where there are too few traces.
    """

    failing: int
    passing: int
    causes: Sequence[Cause]


def compare(
    store: Store, project: str, root: str, start: datetime, end: datetime, environment: str = ""
) -> Comparison:
    """Compare the traces of a root that began in [start, end); '' is every environment."""
    rows = store.query(
        statement(__package__, "feature_counts.sql"),
        {
            "project": project,
            "root": root,
            "environment": environment,
            "from_ns": unix_ns(start),
            "until_ns": unix_ns(end),
            "traces_max": TRACES_MAX,
            "rows_max": FEATURES_MAX,
            "text_max": TEXT_MAX,
        },
    )
    if not rows:
        return Comparison(0, 0, ())
    failing, passing = int(rows[0]["failing"]), int(rows[0]["passing"])
    features = [
        Feature(
            row["sort"],
            row["feature"],
            int(row["failing_with"]),
            int(row["passing_with"]),
            int(row["same"]),
            row["failing_example"] if row["failing_with"] else "",
            row["passing_example"] if row["passing_with"] else "",
        )
        for row in rows
    ]
    return Comparison(failing, passing, causes(features, failing, passing))
