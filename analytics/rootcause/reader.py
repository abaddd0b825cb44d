"""Reads what goes with the failing of the traces of one root."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analytics.period import Period
from analytics.rootcause.spectrum import Cause, Feature, causes
from collector.store.statement import statement
from collector.store.store import Store

# Roots that are compared, those of which most traces failed.
ROOTS_MAX = 5
# Traces of each side that are compared, the latest: what this costs does not grow with the rest.
TRACES_MAX = 2_000
FEATURES_MAX = 10_000
TEXT_MAX = 200


@dataclass(frozen=True, slots=True)
class Comparison:
    """Failing traces of a root against passing ones.

    Parameters
    ----------
    failing, passing
        Traces that were compared.
    causes
        The strongest first; none where there are too few traces.
    """

    root: str
    failing: int
    passing: int
    causes: Sequence[Cause]


def compare_roots(store: Store, project: str, period: Period) -> list[Comparison]:
    """Compare the traces of each root of which some failed, those of which most did first."""
    roots = store.query(
        statement(__package__, "failing_roots.sql"),
        {**period.parameters, "project": project, "roots_max": ROOTS_MAX},
    )
    return [compare(store, project, period, row["root"]) for row in roots]


def compare(store: Store, project: str, period: Period, root: str) -> Comparison:
    """Compare the traces of one root."""
    bounds = {"traces_max": TRACES_MAX, "rows_max": FEATURES_MAX, "text_max": TEXT_MAX}
    rows = store.query(
        statement(__package__, "feature_counts.sql"),
        {**period.parameters, "project": project, "root": root, **bounds},
    )
    if not rows:
        return Comparison(root, 0, 0, ())
    failing, passing = int(rows[0]["failing"]), int(rows[0]["passing"])
    return Comparison(root, failing, passing, causes([_feature(row) for row in rows], failing, passing))


def _feature(row: Mapping[str, Any]) -> Feature:
    return Feature(
        row["sort"],
        row["feature"],
        int(row["failing_with"]),
        int(row["passing_with"]),
        int(row["same"]),
        row["failing_example"] if row["failing_with"] else "",
        row["passing_example"] if row["passing_with"] else "",
    )
