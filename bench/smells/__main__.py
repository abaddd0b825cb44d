"""What the detectors that look once an hour cost: CPU time and memory of a look at a week of steps.

``python -m bench.smells`` fills a store of 4 M steps in 100,000 traces, and prints a row for each detector.
Each look is that of a process of its own: memory that the engine has once taken it keeps.
"""

import multiprocessing
import tempfile
from datetime import UTC, datetime

from bench.smells.look import DETECTORS, SPANS_EACH, TRACES, fill, look


def main() -> None:
    """Print the table."""
    now = datetime.now(UTC)
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        _in_process(spawn.Process(target=fill, args=(folder, now)))
        steps = f"{TRACES * SPANS_EACH:,} steps"
        print(f"| detector, {steps} | CPU, s | elapsed, s | memory, MB | rows | judging, s |")
        print("|---|---|---|---|---|---|")
        for number in range(len(DETECTORS)):
            _in_process(spawn.Process(target=look, args=(folder, now, number)))


def _in_process(process: multiprocessing.process.BaseProcess) -> None:
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


if __name__ == "__main__":
    main()
