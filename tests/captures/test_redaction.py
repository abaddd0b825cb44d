"""What real frameworks sent holds no secret, and nothing in it is taken for one."""

from pathlib import Path

from collector.journal.segment import Folders
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.store.store import Store
from tests.captures.labels import CAPTURES, capture_requests
from tests.segments import body_of, seal


def test_nothing_in_the_captures_is_redacted(store: Store, tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    bodies = [body_of(path) for capture in CAPTURES for path in capture_requests(capture)]
    SegmentReader(store, Cuts()).insert(folders.sealed, [seal(folders, bodies)])

    redacted = store.query(
        "SELECT name, attributes FROM spans WHERE arrayExists(mark -> startsWith(mark, 'redacted'), marks)"
    )
    assert not redacted
    assert store.query("SELECT count() AS n FROM spans")[0]["n"] > len(CAPTURES)
