"""What detectors of changed traces say of recorded conversations: ``python -m bench.detectors.recorded``.

Reads ``../shared/data`` (never committed): each message is an agent's turn, its input the message before
it, on a clock of its own. Prints how many conversations have a finding by grade, with content and without.
"""

import gzip
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from opentelemetry.proto.trace.v1.trace_pb2 import Span
from scipy.stats import binomtest

from analytics.assembly.assembler import Assembler
from analytics.detectors.detector import Detector, Window
from analytics.detectors.loop import Loop
from analytics.detectors.retry_amplification import RetryAmplification
from analytics.detectors.runaway import Runaway
from bench.detectors.changed import Unlearned
from collector.journal.segment import Folders
from collector.store.migrate import migrate
from collector.store.store import Store, open_store
from tests.builders import SECOND, request, span
from tests.segments import loader_of, seal

DATA = Path(__file__).parents[3] / "shared" / "data"
TRACES_OF_SEGMENT = 300
DETECTORS: tuple[Detector, ...] = (Loop(), Runaway(), RetryAmplification())

# Who says what.
Conversation = Sequence[tuple[str, str]]


def main() -> None:
    """Print the table."""
    print("| recorded | conversations | detector | confirmed | probable | suspected | per 1,000 (95 %) |")
    print("|---|---|---|---|---|---|---|")
    for name, conversations in _sources():
        for content in (True, False):
            with tempfile.TemporaryDirectory() as folder:
                store = open_store(f"chdb://{folder}/store")
                migrate(store)
                _load(store, Path(folder), conversations, content=content)
                for row in _rows(store, f"{name}{'' if content else ', no content'}", len(conversations)):
                    print(row, flush=True)
                store.close()


def _sources() -> Iterator[tuple[str, list[Conversation]]]:
    with gzip.open(DATA / "ag2-math" / "gpt-4.jsonl.gz", "rt") as lines:
        runs = [json.loads(line) for line in lines]
    for correct in (True, False):
        some = [_said(run["messages"]) for run in runs if run["correct"] is correct]
        yield f"ag2-math, {'correct' if correct else 'wrong'}", some
    folder = DATA / "who-and-when" / "algorithm-generated"
    logs = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    yield "who-and-when, failed", [_said(log["history"]) for log in logs]


def _said(messages: Iterable[dict[str, Any]]) -> Conversation:
    return [(message.get("name") or message["role"], message["content"] or "") for message in messages]


def _load(store: Store, folder: Path, conversations: Sequence[Conversation], *, content: bool) -> None:
    folders = Folders(folder)
    folders.create()
    loader = loader_of(store, folders)
    for first in range(0, len(conversations), TRACES_OF_SEGMENT):
        spans = [
            one
            for talk in conversations[first : first + TRACES_OF_SEGMENT]
            for one in _spans(talk, content=content)
        ]
        loader.load([seal(folders, [request(*spans).SerializeToString()])])
    assembler = Assembler(store)
    while assembler.run_once():
        pass


def _spans(talk: Conversation, *, content: bool) -> Iterator[Span]:
    trace_id, root = os.urandom(16), os.urandom(8)
    began_ns = int(datetime.now(UTC).timestamp() - 3_600) * SECOND
    question = ""
    for number, (agent, said) in enumerate(talk):
        attributes = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": agent}
        texts = {"gen_ai.input.messages": question, "gen_ai.output.messages": said} if content else {}
        start_ns = began_ns + number * 2 * SECOND
        yield span("invoke_agent", attributes | texts, trace_id=trace_id, parent=root, start_ns=start_ns)
        question = said
    attributes = {"gen_ai.operation.name": "invoke_workflow"}
    end_ns = began_ns + len(talk) * 2 * SECOND
    yield span(
        "invoke_workflow", attributes, trace_id=trace_id, span_id=root, start_ns=began_ns, end_ns=end_ns
    )


def _rows(store: Store, name: str, count: int) -> Iterator[str]:
    window = Window(datetime.now(UTC))
    for detector in DETECTORS:
        rows = store.query(detector.sql, detector.parameters(window))
        found = detector.detect(rows, window, Unlearned()).findings
        grades = Counter({finding.trace_ids[0]: finding.grade for finding in found}.values())
        interval = binomtest(grades.total(), count).proportion_ci(method="wilson")
        share = (
            f"{1_000 * grades.total() / count:.1f} ({1_000 * interval.low:.1f}-{1_000 * interval.high:.1f})"
        )
        by_grade = " | ".join(str(grades[grade]) for grade in ("confirmed", "probable", "suspected"))
        yield f"| {name} | {count:,} | {detector.name} | {by_grade} | {share} |"


if __name__ == "__main__":
    main()
