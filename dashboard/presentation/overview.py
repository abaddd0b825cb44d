"""The Overview: one sentence on how things stand, and five tiles."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from analytics.api.models import DetectorStats, Finding, OpenSpan, Page, Stats, TraceSummary
from dashboard.presentation.chain import DETECTOR as CHAIN_DETECTOR
from dashboard.presentation.deadlock import DETECTOR as DEADLOCK_DETECTOR
from dashboard.presentation.finding import worst_first
from dashboard.presentation.time_range import WORDS
from dashboard.presentation.tone import Tone
from dashboard.wording.amount import count, counted, listed, rate, shortened, size
from dashboard.wording.duration import age, duration
from dashboard.wording.moment import ago, moment

STUCK_DETECTOR = "stuck_span"
BARS_MIN = 5
"""Fewer bars say nothing yet."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the API says now, in the parts that the Overview speaks of."""

    stats: Stats
    findings: Page[Finding]
    open_spans: Page[OpenSpan]
    traces: Page[TraceSummary]
    range_name: str
    now: datetime


@dataclass(frozen=True, slots=True)
class Sentence:
    """How things stand: the news, then the rest of it."""

    lead: str
    rest: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class Tile:
    """A number and a remark; `bars` are shares of the highest, oldest first."""

    value: str
    note: str
    tone: Tone = "quiet"
    bars: Sequence[float] = field(default=())


def sentence(standing: Standing) -> Sentence:
    """Return how things stand, worst news first."""
    stuck = worst_first(found for found in standing.findings.items if found.detector == STUCK_DETECTOR)
    rings = _rings(standing.findings)
    chains = [found for found in standing.findings.items if found.detector == CHAIN_DETECTOR]
    others = len(standing.findings.items) - len(stuck) - len(rings) - len(chains)
    rest = [_open_clause(standing.open_spans, stuck), _failed_clause(standing)]
    if rings:
        rest.insert(0, _stuck_lead(stuck, standing.open_spans) if stuck else "")
        rest[1:1] = [_chains_clause(len(chains)), _others_clause(others)]
        return Sentence(_rings_lead(rings), " ".join(filter(None, rest)), "broken")
    if stuck:
        rest[:0] = [_chains_clause(len(chains)), _others_clause(others)]
        return Sentence(_stuck_lead(stuck, standing.open_spans), " ".join(filter(None, rest)), "broken")
    if chains:
        rest.insert(0, _others_clause(others))
        return Sentence(_chains_clause(len(chains)), " ".join(filter(None, rest)), "broken")
    if others:
        verb = "needs" if others == 1 else "need"
        return Sentence(f"{counted(others, 'finding')} {verb} attention.", " ".join(rest), "attention")
    return Sentence("Nothing is stuck.", " ".join(filter(None, rest)), "quiet")


def _others_clause(number: int) -> str:
    if not number:
        return ""
    return f"{counted(number, 'other finding needs', 'other findings need')} attention."


def _chains_clause(number: int) -> str:
    return f"{counted(number, 'error chain fails', 'error chains fail')} traces." if number else ""


def _rings(findings: Page[Finding]) -> list[Finding]:
    return [finding for finding in findings.items if finding.detector == DEADLOCK_DETECTOR]


def _rings_lead(rings: Sequence[Finding]) -> str:
    held = {agent for ring in rings for agent in ring.agents}
    verb = "holds" if len(rings) == 1 else "hold"
    return f"{counted(len(rings), 'deadlock')} {verb} {counted(len(held), 'agent')}."


def stuck_count(findings: Page[Finding]) -> int:
    """Return how many stuck spans are found open now."""
    return sum(finding.detector == STUCK_DETECTOR for finding in findings.items)


def is_empty(stats: Stats) -> bool:
    """Tell whether nothing was ever received."""
    return stats.spans.stored == 0 and stats.newest_span is None


def tiles(standing: Standing, stored_per_s: Sequence[float]) -> list[Tile]:
    """Return the five tiles: deadlocks, stuck, open, failed, ingest."""
    return [
        _rings_tile(standing),
        _stuck_tile(standing),
        _open_tile(standing.open_spans),
        _failed_tile(standing),
        _ingest_tile(standing, stored_per_s),
    ]


def other_signals(stats: Stats) -> str:
    """Return what became of logs and metrics; empty where none were received."""
    logs, points = stats.logs, stats.metrics.dropped
    told = []
    if logs.stored:
        waiting = f", {count(logs.without_span)} of them without their span" if logs.without_span else ""
        told.append(f"{counted(logs.stored, 'log record')} stored with spans{waiting}.")
    if lost := logs.rejected + logs.quarantined:
        told.append(f"{counted(lost, 'log record')} rejected or set aside.")
    if logs.dropped:
        told.append(f"{counted(logs.dropped, 'log record')} of no span dropped.")
    if points:
        told.append(f"{counted(points, 'data point')} of metrics dropped: doldrums reads none.")
    return " ".join(told)


def looked(detectors: Sequence[DetectorStats], now: datetime) -> str:
    """Return when the detectors looked last, for a page with nothing to show."""
    runs = [(detector.detector, moment(detector.last_run)) for detector in detectors if detector.last_run]
    if not runs:
        return "No detector has looked yet."
    looks = ", ".join(f"{name.replace('_', ' ')} {ago(run, now)}" for name, run in sorted(runs))
    return f"Last look: {looks}."


def _stuck_lead(stuck: Sequence[Finding], spans: Page[OpenSpan]) -> str:
    agent_of = {span.span_id: span.agent for span in spans.items}
    found = [agent_of.get(span_id) for finding in stuck for span_id in finding.span_ids[:1]]
    agents = list(dict.fromkeys(agent for agent in found if agent))
    if not agents:
        return f"{counted(len(stuck), 'span is', 'spans are')} stuck."
    verb = "is" if len(agents) == 1 else "are"
    return f"{listed(agents)} {verb} stuck."


def _open_clause(spans: Page[OpenSpan], stuck: Sequence[Finding]) -> str:
    if not spans.items:
        return "" if stuck else "No span is open."
    longest = max(spans.items, key=lambda span: span.age_s)
    who = f" ({shortened(longest.agent)})" if longest.agent else ""
    verb = "is" if len(spans.items) == 1 and not spans.next else "are"
    return f"{_total(spans, 'span')} {verb} open, the longest for {age(longest.age_s)}{who}."


def _failed_clause(standing: Standing) -> str:
    if not standing.traces.items:
        return f"No trace in {WORDS[standing.range_name]}."
    failed = _failed(standing.traces)
    looked_at = _looked_at(standing, " in the ")
    return f"{count(failed)} of {looked_at} failed." if failed else f"No failure in {looked_at}."


def _rings_tile(standing: Standing) -> Tile:
    rings = _rings(standing.findings)
    first = min((moment(ring.since) for ring in rings), default=None)
    note = f"for {age((standing.now - first).total_seconds())}" if first else "no ring of waits"
    return Tile(count(len(rings)), note, _if(len(rings), "broken"))


def _stuck_tile(standing: Standing) -> Tile:
    number = stuck_count(standing.findings)
    stuck_s = [span.age_s for span in standing.open_spans.items if span.verdict == "stuck"]
    nobody = "nobody else waits in vain" if _rings(standing.findings) else "nobody waits in vain"
    note = f"longest {age(max(stuck_s))}" if number and stuck_s else "" if number else nobody
    return Tile(count(number), note, _if(number, "broken"))


def _open_tile(spans: Page[OpenSpan]) -> Tile:
    longest_s = max((span.age_s for span in spans.items), default=None)
    note = "nothing is running" if longest_s is None else f"longest {age(longest_s)}"
    return Tile(_total(spans), note)


def _failed_tile(standing: Standing) -> Tile:
    failed = _failed(standing.traces)
    return Tile(count(failed), f"of {_looked_at(standing, ', ')}", _if(failed, "attention"))


def _ingest_tile(standing: Standing, stored_per_s: Sequence[float]) -> Tile:
    lost = _lost(standing.stats)
    note = lost or _lag(standing)
    highest = max(stored_per_s, default=0.0) or 1.0
    bars = [value / highest for value in stored_per_s] if len(stored_per_s) >= BARS_MIN else []
    return Tile(
        count(standing.stats.spans.stored),
        f"{rate(stored_per_s[-1])} · {note}" if stored_per_s else note,
        _if(len(lost), "attention"),
        bars,
    )


def _lost(stats: Stats) -> str:
    """What is not stored and never will be; how many spans bytes hold is not always known."""
    spans = stats.spans.rejected + stats.spans.quarantined
    if spans:
        return f"{counted(spans, 'span')} rejected or set aside"
    damaged_bytes = stats.journal.damaged_bytes
    return f"{size(damaged_bytes)} of the journal set aside" if damaged_bytes else ""


def _lag(standing: Standing) -> str:
    if standing.stats.ingest_lag_s is not None:
        return f"{duration(standing.stats.ingest_lag_s)} behind"
    newest = standing.stats.newest_span
    return f"newest {ago(moment(newest), standing.now)}" if newest else "listening"


def _failed(traces: Page[TraceSummary]) -> int:
    return sum(trace.status == "error" for trace in traces.items)


def _looked_at(standing: Standing, within: str) -> str:
    """Return which traces were looked at; of those on a next page it is not known how they went."""
    number = len(standing.traces.items)
    if standing.traces.next:
        return f"the newest {counted(number, 'trace')}"
    return f"{counted(number, 'trace')}{within}{WORDS[standing.range_name].removeprefix('the ')}"


def _total(page: Page[OpenSpan], noun: str = "") -> str:
    """Return how many there are; a page that has a next one says `200+`."""
    number = len(page.items)
    text = count(number) + ("+" if page.next else "")
    return f"{text} {noun}{'' if text == '1' else 's'}" if noun else text


def _if(number: int, tone: Tone) -> Tone:
    return tone if number else "quiet"
