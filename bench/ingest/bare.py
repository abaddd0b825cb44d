"""Loading alone, beside the bare engine on the same segments: `python -m bench.ingest.bare DATA_DIR`.

Prints one JSON line. Runs in a process of its own: chDB opens one folder in a process.
"""

import heapq
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from collector.journal.segment import Folders, Segment
from collector.loader import structure
from collector.loader.archive import archived_files, read_segments
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.otlp.signal import Signal
from collector.store.migrate import migrate
from collector.store.statement import statement
from collector.store.store import open_store

SEGMENTS_MAX = 6
ROUNDS = 3


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        largest = _largest(Folders(Path(sys.argv[1])).archive, Path(name))
        folders = Folders(Path(name))
        folders.create()
        store = open_store(f"chdb://{name}/store")
        migrate(store)
        store.command(statement(__package__, "bare_table.sql"))
        reader = SegmentReader(store, Cuts())
        loader = Loader(store, reader, folders, Quarantine(reader, folders))
        schema = Path(structure.__file__).with_name("otlp.proto")
        bare = statement(__package__, "bare.sql").replace("{{schema}}", str(schema))
        spans = sum(Segment.parse(path.name).rows for path in largest)
        ours, theirs = [], []
        for path in largest:
            for number in range(ROUNDS):
                segment = Segment.parse(path.name)
                renamed = Segment(segment.signal, f"{number:02x}{segment.id[2:]}", segment.day, segment.rows)
                shutil.copy(path, folders.sealed / renamed.file_name)
                begun = time.monotonic()
                loader.load([renamed])
                middle = time.monotonic()
                store.command(bare, {"path": str(path), "structure": structure.traces("arrays")})
                ours.append(middle - begun)
                theirs.append(time.monotonic() - middle)
        store.close()
    print(json.dumps({"spans": spans, "ours_s": _best(ours), "bare_s": _best(theirs)}))


def _largest(archive: Path, folder: Path) -> list[Path]:
    """Write the largest segments of traces that are archived, packed or not, into a folder."""
    found = ((len(data), segment.file_name, data) for segment, data in _archived(archive))
    files = []
    for _, name, data in heapq.nlargest(SEGMENTS_MAX, found):
        files.append(folder / name)
        files[-1].write_bytes(data)
    return files


def _archived(archive: Path) -> Iterator[tuple[Segment, bytes]]:
    for file in archived_files(archive):
        yield from (one for one in read_segments(file) if one[0].signal is Signal.TRACES)


def _best(seconds: Sequence[float]) -> float:
    """Return the shortest round: the machine is shared."""
    return min(sum(seconds[first::ROUNDS]) for first in range(ROUNDS))


if __name__ == "__main__":
    main()
