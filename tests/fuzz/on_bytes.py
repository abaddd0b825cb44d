"""The search on bytes: libFuzzer changes inputs, and keeps those that reach more of the receiver's code.

`python -m tests.fuzz.on_bytes FOLDER {"runs": ..., "seed": ..., "receiver": [pid, [host, port], address]}`
puts what was accepted into FOLDER/journal, the inputs that reached more into FOLDER/corpus, one that failed
into FOLDER, and figures into FOLDER/figures.json. A process of its own: what hangs or crashes ends it.
"""

import json
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["collector"]):
    from collector.otlp import bounds
    from tests.fuzz.asked import asked
    from tests.fuzz.door import Door
    from tests.fuzz.fuzz import Fuzz, seal_all
    from tests.fuzz.seeds import dictionary, seeds
    from tests.fuzz.sockets import Sockets

    from collector.receiver.limits import Limits  # isort: skip

# Every bound within reach of inputs of 4 KiB.
_LIMITS = Limits(body_bytes_max=16_384, spans_per_request_max=8, elements_per_request_max=150)
_UNSCANNED_BYTES_MAX = 512
_BYTES_MAX = 4096
_HANG_S = 60
# the peak of the process that starts this one is counted: the system hands it on
_MEMORY_MB_MAX = 4_096


def main(folder: Path, runs: int, seed: int, receiver: tuple[int, tuple[str, int], str]) -> None:
    bounds._UNSCANNED_BYTES_MAX = _UNSCANNED_BYTES_MAX
    pid, http_place, grpc_address = receiver
    sockets = Sockets(pid, (http_place[0], http_place[1]), grpc_address)
    fuzz = Fuzz(Door(_LIMITS), kept_every=500, sockets=sockets)

    def one(data: bytes) -> None:
        fuzz.ask(asked(data))
        if fuzz.inputs == runs:
            rows = seal_all(fuzz.kept, folder / "journal")
            (folder / "figures.json").write_text(json.dumps(fuzz.figures() | {"rows": rows}))

    atheris.Setup([sys.argv[0], *_options(folder, runs, seed)], one)
    atheris.Fuzz()


def _options(folder: Path, runs: int, seed: int) -> list[str]:
    begun, corpus, words = folder / "seeds", folder / "corpus", folder / "words.dict"
    begun.mkdir()
    corpus.mkdir()
    for number, data in enumerate(seeds()):
        (begun / f"{number:03}").write_bytes(data)
    words.write_text(dictionary())
    return [
        f"-runs={runs}",
        f"-seed={seed}",
        f"-max_len={_BYTES_MAX}",
        f"-timeout={_HANG_S}",
        f"-rss_limit_mb={_MEMORY_MB_MAX}",
        f"-dict={words}",
        f"-artifact_prefix={folder}/",
        "-len_control=0",
        "-print_final_stats=1",
        str(corpus),
        str(begun),
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), **json.loads(sys.argv[2]))
