"""How fast a full segment is loaded: `python -m bench.storage.loading FOLDER` does it in an empty store.

Prints one JSON line. A process of its own: chDB opens one folder in a process.
"""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.storage.meter import cpu_s
from bench.storage.segments import fresh_segment
from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.store.migrate import migrate
from collector.store.store import Store, open_store
from tests.segments import loader_of

ROUNDS = 4


@dataclass(frozen=True)
class Speed:
    """Spans a second, and microseconds of CPU time a span, each at its best."""

    spans_per_s: float
    cpu_us: float


def load(store: Store, folder: Path) -> Speed:
    """Load full segments, one after another; what the engine merges meanwhile is in the CPU time."""
    folders = Folders(folder)
    folders.create()
    loads = loader_of(store, folders)
    rounds = [_round(folders, loads, seed) for seed in range(ROUNDS)]
    return Speed(max(one.spans_per_s for one in rounds), min(one.cpu_us for one in rounds))


def load_empty(folder: Path) -> Speed:
    """Do the same in a store of its own."""
    answer = subprocess.run(
        [sys.executable, "-m", __name__, str(folder)], check=True, capture_output=True, text=True
    )
    return Speed(**json.loads(answer.stdout))


def _round(folders: Folders, loads: Loader, seed: int) -> Speed:
    segment = fresh_segment(folders.sealed, seed)
    begun_s, used_s = time.monotonic(), cpu_s()
    loads.load([segment])
    spent_s, used_s = time.monotonic() - begun_s, cpu_s() - used_s
    (folders.archive / segment.file_name).unlink()
    return Speed(segment.rows / spent_s, used_s / segment.rows * 1e6)


def main() -> None:
    with tempfile.TemporaryDirectory(dir=sys.argv[1]) as name:
        store = open_store(f"chdb://{name}/store")
        migrate(store)
        speed = load(store, Path(name))
        store.close()
    print(json.dumps(asdict(speed)))


if __name__ == "__main__":
    main()
