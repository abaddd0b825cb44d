"""What a span cannot know by itself: its agent, its session, whether its tokens count. Pure.

One vectorised pass over whole traces; strings are never touched, only moved by row number.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analytics.assembly.lineage import Flags, Rows, above, depths, first_of_group, nearest, parent_rows

# A tool that hands over, by its framework's fixed name; whom to is in its arguments, if captured.
_TRANSFER_TOOLS = pa.array(["transfer_to_agent", "handoff_to_agent"])
# How often an agent may follow itself before the next one is called unknown.
_SAME_AGENT_MAX = 16

_COPIED = (
    "project", "environment", "service", "service_instance", "agent_version", "name", "kind",
    "agent_id", "operation", "tool", "tool_call_id", "model", "provider", "wait_reason",
    "wait_resource", "holds", "payload_error",
)  # fmt: skip
_COPIED_AS_THEY_ARE = (
    "trace_id", "span_id", "parent_span_id", "received", "start", "end", "input_tokens",
    "output_tokens", "cached_tokens", "reasoning_tokens", "cost_usd", "first_token_s", "finish_reasons",
    "attempt", "input_hash", "output_hash", "wait_needed", "wait_timeout_s", "holds_capacity",
)  # fmt: skip


class Forest:
    """The spans of some traces with their descent.

    Parameters
    ----------
    reports
        As read_reports.sql answers: one row per span, whole traces, sorted by project and trace.
    """

    def __init__(self, reports: pa.Table) -> None:
        self.reports = reports
        self.trace = _group_numbers(reports)
        self.parents = parent_rows(
            self.trace, _numbers(reports["span_id"]), _numbers(reports["parent_span_id"])
        )
        self.depths = depths(self.parents)
        self.start = reports["start"].cast(pa.int64()).to_numpy()

    def __len__(self) -> int:
        return len(self.trace)

    def sizes(self) -> dict[str, int]:
        """Return the number of spans of each trace, by its place: id in hexadecimal and project."""
        _, first, counts = np.unique(self.trace, return_index=True, return_counts=True)
        places = self.reports.select(["trace_id", "project"]).take(pa.array(first)).to_pylist()
        ids = (place["trace_id"].hex() + place["project"] for place in places)
        return dict(zip(ids, counts.tolist(), strict=True))

    def is_kind(self, *kinds: str) -> Flags:
        """Rows of these kinds."""
        return np.asarray(pc.is_in(text(self.reports["kind"]), pa.array(kinds)))

    def says(self, column: str) -> Flags:
        """Rows whose own report fills the column."""
        return np.asarray(pc.not_equal(text(self.reports[column]), ""))

    def take(self, column: str, rows: Rows) -> pa.Array:
        """The column's values at other rows; '' at none."""
        values = text(self.reports[column])
        return pc.fill_null(values.take(pa.array(rows, mask=rows == len(self))), "")


def assemble(forest: Forest) -> pa.Table:
    """Return `steps` rows (without version) for the spans of whole traces.

    Rules, by reference/otlp-and-conventions.md 4.3: an agent is inherited from the nearest
    ancestor that names one (R2); the session and the user are the root-most span's; tokens count
    on the leaf-most model call (R1), and a cost on the leaf-most span that reports one; an
    interrupt for a human is a wait, not an error (R7).
    """
    reports = forest.reports
    agent_rows = nearest(forest.parents, forest.says("agent"))
    columns = {name: text(reports[name]) for name in _COPIED}
    columns |= {name: reports[name] for name in _COPIED_AS_THEY_ARE}
    columns["agent"] = forest.take("agent", agent_rows)
    for name in ("session", "user"):
        columns[name] = forest.take(name, _root_most(forest, forest.says(name)))
    columns |= _outcome(reports)
    columns["tokens_counted"] = pa.array(tokens_counted(forest))
    columns["cost_counted"] = pa.array(_leaf_most(forest, np.asarray(pc.is_valid(reports["cost_usd"]))))
    columns["handoff_to"] = _handoff_to(forest, columns["agent"])
    columns["waiting_on"] = _waiting_on(forest, columns["handoff_to"])
    columns["depth"] = pa.array(forest.depths.astype(np.uint32))
    return pa.table(columns)


def tokens_counted(forest: Forest) -> Flags:
    """Model calls that report tokens and have no model call beneath them that does."""
    reported = pc.or_(
        pc.is_valid(forest.reports["input_tokens"]), pc.is_valid(forest.reports["output_tokens"])
    )
    return _leaf_most(forest, forest.is_kind("llm", "embedding") & np.asarray(reported))


def _leaf_most(forest: Forest, flagged: Flags) -> Flags:
    """Flagged spans with no flagged one beneath them."""
    outer = above(forest.parents, nearest(forest.parents, flagged))
    repeated = np.zeros(len(forest) + 1, np.bool_)
    repeated[outer[flagged]] = True
    return np.asarray(flagged & ~repeated[:-1])


def _root_most(forest: Forest, flagged: Flags) -> Rows:
    return first_of_group(forest.trace, flagged, forest.depths, forest.start)


def _outcome(reports: pa.Table) -> dict[str, pa.Array]:
    """Times, state and status; a wait for a human is no error."""
    is_open = np.asarray(reports["open"]).astype(np.bool_)
    # every report in error has a type, the wire's status may be unset: its dialect has words of its own
    failed = np.asarray(pc.not_equal(text(reports["error_type"]), "")) & ~_for_human(reports)
    cancelled = failed & np.asarray(pc.match_substring_regex(text(reports["error_type"]), "(?i)cancel"))
    start, end = (reports[name].cast(pa.int64()).to_numpy() for name in ("start", "end"))
    said = pa.array(failed)
    return {
        "state": pa.array(np.select([is_open, cancelled], ["open", "cancelled"], "ended")),
        "status": pa.array(np.select([failed, reports["status"].to_numpy() == 1], ["error", "ok"], "unset")),
        "duration_s": pa.array(np.where(is_open, 0, end - start) / 1e9),
        "error_type": pc.if_else(said, text(reports["error_type"]), ""),
        "error_message": pc.if_else(said, text(reports["error_message"]), ""),
    }


def _for_human(reports: pa.Table) -> Flags:
    return np.asarray(pc.equal(text(reports["wait_reason"]), "human"))


def _handoff_to(forest: Forest, agents: pa.Array) -> pa.Array:
    """Whom a span hands over to: as it says, or the agent that runs beneath or after it."""
    target = _delegated(forest, agents)
    silent_transfer = forest.is_kind("handoff") | np.asarray(
        pc.is_in(text(forest.reports["tool"]), _TRANSFER_TOOLS)
    )
    target = np.where(silent_transfer & (target == len(forest)), _next_agent(forest, agents), target)
    inferred = pc.fill_null(agents.take(pa.array(target, mask=target == len(forest))), "")
    return pc.if_else(pa.array(forest.says("handoff_to")), text(forest.reports["handoff_to"]), inferred)


def _delegated(forest: Forest, agents: pa.Array) -> Rows:
    """For a tool span the first agent span right beneath it that is another agent."""
    is_agent, is_tool = forest.is_kind("agent"), forest.is_kind("tool")
    caller = above(forest.parents, nearest(forest.parents, is_agent | is_tool))
    under_tool = is_agent & np.append(is_tool, False)[caller]
    callee = np.flatnonzero(under_tool & (_codes(agents) != np.append(_codes(agents), -1)[caller]))
    target = np.full(len(forest) + 1, len(forest), np.int64)
    for_caller = callee[np.argsort(forest.start[callee], kind="stable")[::-1]]
    target[caller[for_caller]] = for_caller
    return target[:-1]


def _next_agent(forest: Forest, agents: pa.Array) -> Rows:
    """For each span the next agent span of its trace, by start, whose agent is another."""
    none, code = len(forest), np.append(_codes(agents), -1)
    ranks = np.empty(none, np.int64)
    ranks[np.argsort(forest.start, kind="stable")] = np.arange(none)
    keys = forest.trace * none + ranks
    candidates = np.flatnonzero(forest.is_kind("agent"))
    candidates = np.append(candidates[np.argsort(keys[candidates])], none)
    position = np.searchsorted(keys[candidates[:-1]], keys, side="right")
    for _ in range(_SAME_AGENT_MAX):
        same = code[candidates[position]] == code[:-1]
        position = np.minimum(position + same, len(candidates) - 1)
    following = candidates[position]
    other_trace = np.append(forest.trace, -1)[following] != forest.trace
    return np.where(other_trace | (code[following] == code[:-1]), none, following)


def _waiting_on(forest: Forest, handoff_to: pa.Array) -> pa.Array:
    """Whom an open span waits for: as it says, else the agent beneath it, else its own tool."""
    said = text(forest.reports["waiting_on"])
    target = pc.if_else(pc.not_equal(handoff_to, ""), handoff_to, text(forest.reports["tool"]))
    inferred = np.asarray(forest.reports["open"]).astype(np.bool_) & forest.is_kind("tool", "handoff")
    return pc.if_else(pc.and_(pc.equal(said, ""), pa.array(inferred)), target, said)


def _group_numbers(reports: pa.Table) -> Rows:
    """Number the traces 0, 1, ...: rows come sorted by project and trace."""
    project = _codes(text(reports["project"]))
    halves = np.frombuffer(_bytes(reports["trace_id"]), np.uint64).reshape(-1, 2)
    changed = (project[1:] != project[:-1]) | (halves[1:] != halves[:-1]).any(axis=1)
    return np.append(0, np.cumsum(changed)).astype(np.int64)[: len(reports)]


def _numbers(ids: pa.ChunkedArray) -> NDArray[np.uint64]:
    """Eight-byte ids as numbers."""
    return np.frombuffer(_bytes(ids), np.uint64)


def _bytes(ids: pa.ChunkedArray) -> bytes:
    array = ids.combine_chunks()
    width = array.type.byte_width
    return bytes(array.buffers()[1])[array.offset * width : (array.offset + len(array)) * width]


def _codes(values: pa.Array) -> NDArray[np.int64]:
    """Equal strings, equal numbers."""
    return np.asarray(values.dictionary_encode().indices, np.int64)


def text(column: pa.ChunkedArray) -> pa.Array:
    """A column of strings in one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
