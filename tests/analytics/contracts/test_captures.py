"""What real frameworks sent, held against the schemas that came with it in the same traces."""

from pathlib import Path

from analytics.contracts import recorder
from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.store.store import Store
from tests.analytics.contracts.calls import Recorded
from tests.captures.labels import CAPTURES, capture_requests
from tests.segments import body_of, seal


def test_no_call_of_a_real_framework_breaks_the_schema_that_came_with_it(
    store: Store, tmp_path: Path
) -> None:
    folders = Folders(tmp_path)
    folders.create()
    reader = SegmentReader(store, Cuts())
    loader = Loader(store, reader, folders, Quarantine(reader, folders))
    for capture in CAPTURES:
        # each in a project of its own: they have agents and tools of the same names
        sent = [body_of(file) for file in capture_requests(capture)]
        loader.load([seal(folders, sent, project=capture)])

    rows = Recorded(store).run()

    judged = [row for row in rows if row["source"] == "tool"]
    assert len(judged) > recorder.SAMPLE_MAX
    assert {row["outcome"] for row in judged} == {"passed", "unknown"}
    assert {row["name"] for row in judged} >= {"search_docs", "lookup_invoice"}
    problems = store.query("SELECT problem FROM contracts FINAL WHERE source = 'tool'")
    assert len(problems) > 10
    assert {row["problem"] for row in problems} == {""}
