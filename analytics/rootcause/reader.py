"""Reads what goes with the failing of the traces of one root."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.assembly.lineage import Flags
from analytics.rootcause.bootstrap import RankInterval, rank_intervals
from analytics.rootcause.calls import calls_in
from analytics.rootcause.charge import Charge, charges
from analytics.rootcause.confounders import confounders
from analytics.rootcause.mark import Mark
from analytics.rootcause.presence import presence
from analytics.rootcause.question import Question
from analytics.rootcause.recorded import recorded
from analytics.rootcause.slowness import slowness
from analytics.rootcause.spectrum import Cause, causes
from analytics.rootcause.structure import EXPECTED_MIN, structure
from collector.store.rows import Row
from collector.store.statement import statement
from collector.store.store import Store

# Roots that are compared, those of which most traces failed.
ROOTS_MAX = 5
# Traces of each side that are compared, the latest, and their spans: the cost does not grow with the rest.
TRACES_MAX = 2_000
SPANS_MAX = 200_000
TEXT_MAX = 200
CAUSES_MAX = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """Failing traces of a root against passing ones.

    Parameters
    ----------
    failing, passing
        Traces that were compared.
    causes
        The strongest first, each with where it stands if traces are drawn again; none of too few traces.
    charges
        Agents and services that all causes together speak against, the heaviest first.
    confounders
        What else failing traces differ by.
    trace_ids, failed : shape (traces,)
        The traces in the order of the causes' marks, the latest first, and which of them failed.
    """

    root: str
    failing: int
    passing: int
    causes: Sequence[tuple[Cause, RankInterval]]
    charges: Sequence[Charge]
    confounders: Sequence[str]
    trace_ids: Sequence[str]
    failed: Flags


def compare_roots(store: Store, project: str, question: Question) -> list[Comparison]:
    """Compare the traces of each root of which some failed, those of which most did first."""
    asked = {**question.parameters, "project": project, "root": "", "roots_max": ROOTS_MAX}
    roots = store.query(_labelled("failing_roots.sql"), asked)
    return [compare(store, project, question, row["root"]) for row in roots]


def compare(store: Store, project: str, question: Question, root: str) -> Comparison:
    """Compare the traces of one root."""
    bounds = {"traces_max": TRACES_MAX, "spans_max": SPANS_MAX, "project": project, "root": root}
    traces = list(store.query(_labelled("compared_traces.sql"), {**question.parameters, **bounds}))
    failed = np.array([row["failed"] for row in traces], np.bool_)
    marks = _marks(store, project, question, traces) if traces else []
    found = causes(marks, failed, is_of_outcome=question.is_of_outcome)
    ranks = rank_intervals(found, failed, is_of_outcome=question.is_of_outcome)
    return Comparison(
        root,
        failing=int(failed.sum()),
        passing=int((~failed).sum()),
        causes=list(zip(found, ranks, strict=False))[:CAUSES_MAX],
        charges=charges(found, marks),
        confounders=list(confounders(*(_side(traces, failed=side) for side in (True, False)))),
        trace_ids=[row["trace_id"] for row in traces],
        failed=failed,
    )


def _marks(store: Store, project: str, question: Question, traces: Sequence[Row]) -> list[Mark]:
    """Return what these traces show."""
    of = {"project": project, "ids": [row["trace_id"] for row in traces], "text_max": TEXT_MAX}
    versions = {"versions": [int(row["version"]) for row in traces]}
    spans = store.columns(statement(__package__, "spans_of.sql"), of | versions)
    if not len(spans):
        return []
    calls = calls_in(spans, np.array([row["failed"] for row in traces], np.bool_))
    expected_min = EXPECTED_MIN if question.is_of_outcome else 0.0
    records = store.columns(statement(__package__, "recorded_of.sql"), of | {"rows_max": SPANS_MAX})
    return [*presence(calls), *recorded(records, calls), *slowness(calls), *structure(calls, expected_min)]


def _side(traces: Sequence[Row], *, failed: bool) -> list[tuple[int, str]]:
    return [(int(row["spans"]), row["user"]) for row in traces if row["failed"] == failed]


def _labelled(name: str) -> str:
    return f"WITH labelled AS ({statement(__package__, 'labelled.sql')})\n{statement(__package__, name)}"
