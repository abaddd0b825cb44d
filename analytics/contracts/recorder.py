"""Holds the calls that were assembled against the contracts of their boundaries, and learns from them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from time import time_ns
from typing import Any

import structlog

from analytics.contracts.book import Book
from analytics.contracts.boundary import Boundary, Side
from analytics.contracts.checking import check
from analytics.contracts.definitions import KEYS, ToolSchema, tool_schemas
from analytics.contracts.left_out import LeftOut
from analytics.contracts.payload import UNKNOWN, Payload, payload
from analytics.contracts.rows import Checked, Result, Source, calls_table
from analytics.contracts.texts import PIECES_MAX, Apart, Pieces, Texts, read_texts
from analytics.contracts.violation import Violation
from analytics.strides.strides import Strides
from collector.store.statement import statement
from collector.store.store import Store

log = structlog.get_logger(__name__)

# Of a boundary in a stride, calls that are checked by what was learned or by the tool's own schema. A stride
# is of 15 s, as often as is recorded, or of a minute where that is behind.
SAMPLE_MAX = 15
# The same of one of which less is learned than it takes to say what has to be there, unless that is behind:
# with many new boundaries, chains and detectors of changed traces would wait for minutes.
LEARNING_MAX = 200
# Read at once: a stride takes 10 s at most.
CALLS_MAX = 8_000
BATCH = 500
# Calls of one trace and boundary in a stride that are learned from: they are alike.
LEARNED_OF_TRACE_MAX = 5
TEXT_MAX = 200
# Of an agent, calls that are asked what tools it has.
ASKED_MAX = 2
ASKED_ROWS_MAX = 1_000

# How what is said of a call is written down.
_WORDS: Mapping[str, tuple[Result, Source]] = {
    "unjudged": ("unknown", ""),
    "passed": ("passed", "learned"),
    "broken": ("broken", "learned"),
    "usual": ("usual", "learned"),
    "open": ("deviates", "learned"),
}

Row = Mapping[str, Any]


class ContractRecorder:
    """Writes `contract_calls` and `contracts`; what is checked once more replaces itself."""

    def __init__(self, store: Store, book: Book) -> None:
        self._store = store
        self._book = book
        self._strides = Strides(store, "contracts")

    def record(self, until: int) -> float:
        """Check what was assembled up to this version of `steps`; return how many seconds of it are left."""
        left_s = self._strides.go(until, partial(self._stride, until))
        self._book.keep()
        self._strides.keep()
        return left_s

    def _stride(self, newest: int, after: int, until: int) -> int:
        """Check the calls of these versions, and return the version up to which there was room.

        Parameters
        ----------
        newest
            The version up to which there is something to check.
        """
        versions: dict[str, object] = {"after": after, "until": until, "text_max": TEXT_MAX}
        self._read_definitions(versions)
        bounds = {
            "sample_max": SAMPLE_MAX,
            "learning_max": LEARNING_MAX if until == newest else SAMPLE_MAX,
            "calls_max": CALLS_MAX,
            "every": self._book.named,
            "settled": self._book.settled,
        }
        calls = list(self._store.query(statement(__package__, "new_calls.sql"), versions | bounds))
        # what comes in a row is told by when it was done
        calls.sort(key=lambda call: (call["version"], call["start_ns"]))
        learned: Counter[tuple[str, Boundary]] = Counter()
        for start in range(0, len(calls), BATCH):
            self._check(calls[start : start + BATCH], learned)
        return int(calls[-1]["version"]) if len(calls) >= CALLS_MAX else until

    def _check(self, calls: Sequence[Row], learned: Counter[tuple[str, Boundary]]) -> None:
        places = {call["trace"] + call["span"] + call["project"]: call for call in calls}
        texts = read_texts(self._store, list(places))
        sides = {place: list(_sides(call, texts[place])) for place, call in places.items() if place in texts}
        self._book.fetch({of for some in sides.values() for of, _ in some})
        checked: dict[tuple[str, Side], Checked] = {}
        left_out = LeftOut("a call")
        for place, some in sides.items():
            for of, text in some:
                with left_out.one(of.id):
                    for one in self._held(of, places[place], text, learned):
                        checked[one.trace_id + one.span_id + of.project, of.side] = one
        left_out.say()
        self._write(list(checked.values()))

    def _write(self, checked: Sequence[Checked]) -> None:
        """Write calls down, but those of traces that were erased since they were read or last written."""
        traces = {one.trace_id + one.boundary.project for one in checked}
        rows = self._store.query(statement(__package__, "erased_of.sql"), {"places": sorted(traces)})
        erased = {row["place"] for row in rows}
        kept = [one for one in checked if one.trace_id + one.boundary.project not in erased]
        if kept:
            self._store.insert("contract_calls", calls_table(kept, time_ns() // 1_000))

    def _held(
        self, of: Boundary, call: Row, text: str, learned: Counter[tuple[str, Boundary]]
    ) -> Iterator[Checked]:
        """Yield what is said of a call, and of earlier ones of which it shows that they were as usual."""
        given = payload(text, words=of.kind == "agent")
        one = _checked(of, call)
        if written := self._book.written_at(of):
            yield _judged(one, "user", given, check(written, given))
        elif (told := self._book.told_at(of)) and told.ready:
            # OpenInference writes a call of LangChain with one argument as that argument
            given = UNKNOWN if given.form == "text" else given
            violations = check(told.ready, given)
            if given.form != "unknown":
                told.count(passed=not violations)
            yield _judged(one, "tool", given, violations)
        elif of.kind != "agent" or of.side == "output":
            learned[call["trace"], of] += 1
            yield from self._by_habit(one, given, learns=learned[call["trace"], of] <= LEARNED_OF_TRACE_MAX)

    def _by_habit(self, one: Checked, given: Payload, *, learns: bool) -> Iterator[Checked]:
        known = self._book.learned_at(one.boundary)
        verdict = known.judge(given, one, one.end_ns, trace=one.trace_id, learns=learns)
        outcome, source = _WORDS[verdict.word]
        for call, violations in (*verdict.earlier, (one, verdict.violations)):
            yield call._replace(source=source, outcome=outcome, violations=violations)

    def _read_definitions(self, versions: dict[str, object]) -> None:
        bounds = {"keys": KEYS, "calls_max": ASKED_MAX, "rows_max": ASKED_ROWS_MAX, "pieces_max": PIECES_MAX}
        rows = list(self._store.query(statement(__package__, "definitions.sql"), versions | bounds))
        pieces = Pieces(self._store)
        for row in rows:
            for _, _, _, hashes in row["said_apart"]:
                pieces.want(row["day"], row["project"], hashes)
        pieces.read()
        left_out = LeftOut("what a call says of tools")
        for row in rows:
            schemas: list[ToolSchema] = []
            with left_out.one(row["agent"]):
                schemas = _told(row, pieces)
            self._book.tell(row["project"], row["agent"], row["agent_version"], schemas)
        left_out.say()


def _told(row: Row, pieces: Pieces) -> list[ToolSchema]:
    said = dict(row["said"])
    for key, *apart in row["said_apart"]:
        said[key] = pieces.text(row["day"], row["project"], Apart(*apart))
    return tool_schemas(said, row["of_tool"])


def _sides(call: Row, texts: Texts) -> Iterator[tuple[Boundary, str]]:
    """Yield what is captured of a call; what comes back from one that failed is its error."""
    names = call["kind"], call["agent"], call["name"]
    if texts.input is not None:
        yield Boundary(call["project"], *names, "input", call["agent_version"]), texts.input
    if texts.output is not None and not call["failed"]:
        yield Boundary(call["project"], *names, "output", call["agent_version"]), texts.output


def _checked(of: Boundary, call: Row) -> Checked:
    ids = call["trace"], call["span"], call["version"], call["environment"]
    return Checked(of, *ids, call["start_ns"], call["end_ns"], call["failed"], "", "unknown")


def _judged(one: Checked, source: Source, given: Payload, violations: Sequence[Violation]) -> Checked:
    outcome: Result = "broken" if violations else "unknown" if given.form == "unknown" else "passed"
    return one._replace(source=source, outcome=outcome, violations=violations)
