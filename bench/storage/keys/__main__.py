"""Which key and which codec, at 20 million spans: `python -m bench.storage.keys`.

The product's key and those that others have are compared on the columns that lists and trees read, codecs
and bytes on whole rows of three hours, the list of traces at an eighth of 50 million.
"""

import argparse
import tempfile
from pathlib import Path

from bench.storage.keys import candidates, codecs, lists
from bench.storage.keys.copying import COPY_SPANS
from bench.storage.seed import sow
from collector.store.migrate import migrate
from collector.store.store import open_store


def main() -> None:
    arguments = _arguments()
    with tempfile.TemporaryDirectory(dir=arguments.folder, prefix="storage-keys-") as name:
        folder = Path(name)
        store = open_store(f"chdb://{folder}/store")
        try:
            migrate(store)
            newest = sow(store, folder, COPY_SPANS)
            candidates.compare(store, folder / "store", newest, arguments.spans)
            lists.compare(store, folder / "store", newest, arguments.traces)
            codecs.compare(store, newest)
        finally:
            store.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.storage.keys", description=__doc__)
    parser.add_argument("--spans", type=float, default=2e7, help="spans under each key")
    parser.add_argument("--traces", type=float, default=6.25e6, help="traces in the list")
    parser.add_argument("--folder", default=None, help="where the store is made, default the system's")
    return parser.parse_args()


if __name__ == "__main__":
    main()
