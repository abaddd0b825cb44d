"""Whether the watch keeps up: ``python -m bench.detectors.pace``.

Starts the service as users do, and sends it traces at a steady rate, from this process. With one core
the service has that alone, with all that it does: receiving, loading, assembly, all looks. Every half
minute a line says what lags how far; at the end, how long it takes until all is stored, and what each
detector's looks cost.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import psutil
from prometheus_client.parser import text_string_to_metric_families

from analytics.detectors import DETECTORS
from bench.detectors.pace_spans import SPANS_PER_TRACE, requests
from bench.ingest.load import http as connection
from tests.loopback import http
from tests.service import Service

TRACES_PER_REQUEST = 64
LINE_EVERY_S = 30
STORED_S_MAX = 120
WORKS = ("error chains", "contracts")
EVERY_S = {detector.name: detector.every_s for detector in DETECTORS}

_HEAD = """| s | sent | stored | core process, cores | receiver | MB | stored after, s | assembled after, s \
| chains behind, s | contracts behind, s | latest look, s late |
|---|---|---|---|---|---|---|---|---|---|---|"""

Values = Mapping[tuple[str, str], float]


def main() -> None:
    """Print the table."""
    arguments = _arguments()
    every = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        os.sched_setaffinity(0, every[: arguments.cores])
        with Service(Path(folder)) as service:
            os.sched_setaffinity(0, every[-1:] if arguments.cores < len(every) else every)
            _run(service, arguments.spans_per_s, arguments.seconds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench.detectors.pace", description=__doc__)
    parser.add_argument("--spans-per-s", type=int, default=5_000)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--cores", type=int, default=2, help="that the service may use")
    return parser.parse_args()


def _run(service: Service, rate: int, seconds: int) -> None:
    sender = Sender(service.run["otlp_http"], rate, seconds)
    used = Used(service)
    print(_HEAD)
    with ThreadPoolExecutor(1) as executor:
        sending = executor.submit(sender.send)
        while not sending.done():
            wait([sending], LINE_EVERY_S)
            print(_line(service, sender, used), flush=True)
        sending.result()
    ended_s = time.monotonic()
    behind_s = service.wait_until_stored(sender.sent, STORED_S_MAX) - ended_s
    print(f"\nAll stored {behind_s:.1f} s after the last was sent. Sent {sender.late_s:.1f} s late at most")
    print(_costs(service))


class Sender:
    """Sends a request when it is due."""

    def __init__(self, address: str, rate: int, seconds: int) -> None:
        self._address, self._seconds = address, seconds
        self._every_s = TRACES_PER_REQUEST * SPANS_PER_TRACE / rate
        self.sent = 0
        self.late_s = 0.0

    def send(self) -> None:
        """Send for so many seconds."""
        post, bodies = connection(self._address), requests(TRACES_PER_REQUEST, seed=1)
        due_s = began_s = time.monotonic()
        while due_s < began_s + self._seconds:
            body = next(bodies)
            time.sleep(max(0.0, due_s - time.monotonic()))
            self.late_s = max(self.late_s, time.monotonic() - due_s)
            post(body)
            self.sent += TRACES_PER_REQUEST * SPANS_PER_TRACE
            due_s += self._every_s


class Used:
    """How much of a core processes of the service took since the last time one asked."""

    def __init__(self, service: Service) -> None:
        self.core = psutil.Process(service.pids["core"])
        self._processes = (self.core, psutil.Process(service.pids["receiver"]))
        self._began_s = time.monotonic()
        self._before = self._now()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began_s

    def cores(self) -> list[float]:
        """Return it of the core process and of the receiver."""
        now, before = self._now(), self._before
        self._before = now
        return [
            (one - other) / (now[-1] - before[-1]) for one, other in zip(now[:-1], before[:-1], strict=True)
        ]

    def _now(self) -> list[float]:
        times = [process.cpu_times() for process in self._processes]
        return [*(one.user + one.system for one in times), time.monotonic()]


def _line(service: Service, sender: Sender, used: Used) -> str:
    values, stats = _metrics(service), service.stats()
    core, receiver = used.cores()
    lag_s = {work: value for (name, work), value in values.items() if name.endswith("_work_behind_seconds")}
    late_s = {
        detector: time.time() - value - EVERY_S[detector]
        for (name, detector), value in values.items()
        if name.endswith("_look_timestamp_seconds")
    }
    latest = max(late_s, key=lambda name: late_s[name], default="none")
    cells = [
        f"{used.elapsed_s:.0f} | {sender.sent:,} | {stats['spans']['stored']:,}",
        f"{core:.2f} | {receiver:.2f}",
        f"{used.core.memory_info().rss / 1e6:,.0f} | {stats['ingest_lag_s'] or 0:.1f}",
        f"{values['doldrums_core_assembly_lag_seconds', '']:.1f}",
        *(f"{lag_s[work]:.0f}" for work in WORKS),
        f"{latest} {late_s.get(latest, 0.0):.0f}",
    ]
    return f"| {' | '.join(cells)} |"


def _costs(service: Service) -> str:
    values = _metrics(service)
    costs = {
        name: (
            values["doldrums_core_look_seconds_sum", name],
            values["doldrums_core_look_seconds_count", name],
        )
        for name in EVERY_S
    }
    rows = [f"| {name} | {looks:.0f} | {s / max(looks, 1):.2f} |" for name, (s, looks) in costs.items()]
    return "\n".join(["", "| detector | looks | s a look |", "|---|---|---|", *rows])


def _metrics(service: Service) -> Values:
    answer = http.get(f"{service.url('api')}/metrics")
    answer.raise_for_status()
    return {
        (sample.name, sample.labels.get("work") or sample.labels.get("detector") or ""): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


if __name__ == "__main__":
    main()
