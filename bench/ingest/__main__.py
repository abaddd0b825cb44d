"""`python -m bench.ingest`: how fast spans come in, on this machine, with the load generator on it.

Starts the service as users do, sends batches of 1, 32 and 512 spans over HTTP and gRPC from a
process of its own, waits until all of them can be queried, and prints a table; with `--half`, each row
again at half the rate that it reached. At the end the segments that were loaded are loaded once more,
alone, beside the bare engine.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.ingest.meter import Meter
from tests.service import Service

STORED_S_MAX = 300


def main() -> None:
    arguments = _arguments()
    print(_HEAD)
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder = Path(name)
        with Service(folder) as service:
            sent = 0
            for transport in arguments.transports:
                for batch in arguments.batches:
                    row = _measure(service, transport, batch, arguments.seconds, sent)
                    sent += row["spans"]
                    print(_line(transport, str(batch), row), flush=True)
                    if arguments.half:
                        requests_per_s = row["requests"] / row["elapsed_s"] / 2
                        row = _measure(service, transport, batch, arguments.seconds, sent, requests_per_s)
                        sent += row["spans"]
                        print(_line(transport, f"{batch}, half the rate", row), flush=True)
        print(_alone(folder))


def _measure(
    service: Service,
    transport: str,
    batch: int,
    seconds: float,
    stored_before: int,
    requests_per_s: float = 0,
) -> dict[str, Any]:
    address = service.run[{"http": "otlp_http", "grpc": "otlp_grpc"}[transport]]
    command = [sys.executable, "-m", "bench.ingest.load", transport, address, str(batch), str(seconds)]
    command += ["--requests-per-s", str(requests_per_s)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as load:
        assert load.stdin is not None
        assert load.stdout is not None
        load.stdout.readline()
        with Meter(service) as meter:
            started = time.monotonic()
            load.stdin.write("go\n")
            load.stdin.flush()
            sent: dict[str, Any] = json.loads(load.stdout.readline())
            stored_at = service.wait_until_stored(stored_before + sent["spans"], STORED_S_MAX)
    stored_s = stored_at - started
    return sent | {"stored_s": stored_s, "cpu_s": meter.cpu_s, "peak_mb": meter.peak_mb}


def _alone(folder: Path) -> str:
    answer = subprocess.run(
        [sys.executable, "-m", "bench.ingest.bare", str(folder)], check=True, capture_output=True, text=True
    )
    alone = json.loads(answer.stdout)
    ours, bare = alone["spans"] / alone["ours_s"], alone["spans"] / alone["bare_s"]
    return (
        f"\nLoading alone, one thread: {ours:,.0f} spans/s (look, insert, count, verify, record); "
        f"the bare engine {bare:,.0f} spans/s; ratio {ours / bare:.2f}"
    )


_HEAD = (
    "| transport | spans a request | requests/s | spans/s acknowledged | spans/s stored | MB/s | "
    "p50 / p99 ms | CPU us a span: receiver, core | peak MB: receiver, core |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def _line(transport: str, batch: str, row: dict[str, Any]) -> str:
    spans, elapsed_s = row["spans"], row["elapsed_s"]
    cpu = ", ".join(f"{row['cpu_s'][name] / spans * 1e6:.1f}" for name in ("receiver", "core"))
    peak = ", ".join(str(row["peak_mb"][name]) for name in ("receiver", "core"))
    return (
        f"| {transport} | {batch} | {row['requests'] / elapsed_s:,.0f} | {spans / elapsed_s:,.0f} | "
        f"{spans / row['stored_s']:,.0f} | {row['bytes'] / elapsed_s / 1e6:,.1f} | "
        f"{row['p50_ms']:.1f} / {row['p99_ms']:.1f} | {cpu} | {peak} |"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.ingest", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="how long each row sends")
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 32, 512])
    parser.add_argument("--transports", nargs="+", default=["http", "grpc"], choices=["http", "grpc"])
    parser.add_argument("--half", action="store_true", help="measure at half the rate, too")
    parser.add_argument("--folder", default=None, help="where the data folder is made, default the system's")
    return parser.parse_args()


if __name__ == "__main__":
    main()
