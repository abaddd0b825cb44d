"""`python -m bench.ingest.backlog`: what the service's memory does while a backlog drains.

Writes a journal of that many spans as the receiver would, starts the service on it, sends a light load
to it, and samples both processes until everything can be queried. 10,000,000 spans take 8 GB of disk.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from bench.ingest.meter import Meter
from bench.ingest.spans import requests
from collector.journal.journal import Journal
from collector.journal.segment import Folders
from tests.service import Service

BATCH = 512
# Of what the receiver takes: it goes on working, and leaves the loader its time.
LIGHT_REQUESTS_PER_S = 10


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.ingest.backlog", description=__doc__)
    parser.add_argument("--spans", type=int, default=2_000_000)
    parser.add_argument("--seconds", type=float, default=20, help="how long the light load lasts")
    parser.add_argument("--folder", default=None, help="where the data folder is made, default the system's")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        waiting = _write(Path(name), arguments.spans)
        settings = {"DOLDRUMS_JOURNAL_BYTES_MAX": str(64 << 30), "DOLDRUMS_FREE_BYTES_MIN": "0"}
        with Service(Path(name), settings) as service, Meter(service) as meter:
            started = time.monotonic()
            sent = _send(service, arguments.seconds)
            stored_at = service.wait_until_stored(waiting + sent["spans"], timeout_s=3600)
    spans, elapsed_s = waiting + sent["spans"], stored_at - started
    print(
        f"{spans:,} spans in {elapsed_s:,.0f} s, {spans / elapsed_s:,.0f} spans/s; "
        f"CPU of the core {meter.cpu_s['core'] / spans * 1e6:.1f} us a span; "
        f"peak MB: receiver {meter.peak_mb['receiver']}, core {meter.peak_mb['core']}; "
        f"light load p50 / p99 {sent['p50_ms']:.1f} / {sent['p99_ms']:.1f} ms"
    )


def _write(folder: Path, spans: int) -> int:
    journal = Journal(Folders(folder), free_bytes_min=0, free_ratio_min=0, journal_bytes_max=64 << 30)
    written = 0
    for body in islice(requests(spans // BATCH, BATCH, seed=0), spans // BATCH):
        stored = journal.append(body, BATCH, "default")
        written += BATCH
        if written % (64 * BATCH) == 0:
            stored.result()
    journal.close()
    return written


def _send(service: Service, seconds: float) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.ingest.load", "http", service.run["otlp_http"], str(BATCH)]
    command += [str(seconds), "--requests-per-s", str(LIGHT_REQUESTS_PER_S)]
    answer = subprocess.run(command, input="go\n", check=True, capture_output=True, text=True)
    sent: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return sent


if __name__ == "__main__":
    main()
