"""Detector: SQL that selects candidate rows, and pure Python that judges them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from analytics.baselines.habit import Habit
from analytics.baselines.limit import Limit
from analytics.baselines.work import Work
from analytics.detectors.source import Source
from analytics.detectors.verdict import Verdict
from analytics.findings.finding import Finding, Resolution
from analytics.findings.judgement import Key
from analytics.inferred.unfinished import Unfinished
from analytics.waits.graph import WaitEdge, WaitGraph

Row = Mapping[str, Any]

# Seconds between two looks, by what is looked at: open spans, traces that changed, days of traces. Of open
# spans nothing is read where none was reported, inferred or watched, and nothing changed.
OPEN_EVERY_S = 2.0
CHANGED_EVERY_S = 15.0
DAYS_EVERY_S = 3600.0


class Limits(Protocol):
    """What a detector may ask of the baselines; it reads memory only."""

    def limit_for(self, work: Work) -> Limit:
        """Return how long a span of this work may stay open."""
        ...

    def habit(self, project: str, measure: str, name: str) -> Habit | None:
        """Return what is usual of traces that are alike, None where too few are known."""
        ...


@dataclass(frozen=True, slots=True)
class Window:
    """What one look is about.

    Parameters
    ----------
    now
        Aware UTC. Everything received before it is loaded: while the loader is behind, this is
        the time it has reached, not that of the clock. Else what ended long ago looks open.
    watched
        Projects and fingerprints of the detector's findings that are open.
    changed_version
        Of `steps`: what this detector has looked at has this version or an older one.
    explained
        Projects and spans (`OpenRow.fingerprint`) that wait in or behind a ring which is told already.
    waiting
        Large traces, by id and project in one text, whose newest spans are not assembled yet, and the
        Unix nanoseconds before which everything of theirs is: they are judged as of then.
    silent
        Sources that send far less than usual, by the last look of the detector that counts what they
        send: what is missing of them may be under way.
    unfinished
        Traces whose spans name parents that have not arrived, and what is inferred to go on in them.
    evidence
        Of what is watched, as it was told last.
    waits
        Who waits for whom, by the last look that built the graph: of each project as much as is shown.
    """

    now: datetime
    watched: frozenset[Key] = frozenset()
    waiting: Mapping[str, int] = field(default_factory=dict)
    changed_version: int = 0
    explained: frozenset[Key] = frozenset()
    silent: frozenset[Source] = frozenset()
    unfinished: Sequence[Unfinished] = ()
    evidence: Mapping[Key, Mapping[str, Any]] = field(default_factory=dict)
    waits: Sequence[WaitEdge] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one look found.

    Parameters
    ----------
    findings
        What is wrong now.
    resolutions
        By project and fingerprint why a watched finding is over, if it is not among `findings` or ended.
    kept
        Of what is watched: what is not found now, and may be back soon.
    verdicts
        How every open span does, oldest first, from the detector that judges them all.
    waits
        The wait-for graph, from the detector that builds it.
    silent
        Sources that send far less than usual, from the detector that counts what they send.
    partial
        There was more than one look may read or find: it is about what is watched, and a share of
        the rest for each project.
    left_out_version
        Of `steps`: that of the first trace that changed and was left out for want of room; 0 where
        none was, or where what is left out is not looked at again.
    """

    findings: Sequence[Finding]
    resolutions: Mapping[Key, Resolution] = field(default_factory=dict)
    kept: Collection[Key] = ()
    verdicts: Sequence[Verdict] | None = None
    waits: WaitGraph | None = None
    silent: frozenset[Source] | None = None
    partial: bool = False
    left_out_version: int = 0


class Detector(Protocol):
    """Selects rows with `sql` and turns them into findings. Does no I/O itself."""

    @property
    def name(self) -> str:
        """Name of the detector, of its files and of its section in `docs/detectors.md`."""
        ...

    @property
    def every_s(self) -> float:
        """Return the seconds between two looks."""
        ...

    @property
    def sql(self) -> str:
        """The statement that selects the rows to judge."""
        ...

    def parameters(self, window: Window) -> Mapping[str, object]:
        """Return the parameters of `sql` for one look, by what was known when the turn began."""
        ...

    def detect(self, rows: Sequence[Row], window: Window, limits: Limits) -> Outcome:
        """Judge the rows of `sql`."""
        ...
