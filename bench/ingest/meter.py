"""What the service's processes use while something is measured."""

import threading
from typing import Self

import psutil

from tests.service import Service


class Meter:
    """CPU seconds and peak memory of the children while a block runs."""

    def __init__(self, service: Service) -> None:
        self._children = {name: psutil.Process(service.pids[name]) for name in ("receiver", "core")}
        self._peak = dict.fromkeys(self._children, 0)
        self._stopping = threading.Event()

    def __enter__(self) -> Self:
        self._before = {name: _cpu_s(child) for name, child in self._children.items()}
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()
        self.cpu_s = {name: _cpu_s(child) - self._before[name] for name, child in self._children.items()}
        self.peak_mb = {name: round(peak / 1e6) for name, peak in self._peak.items()}

    def _watch(self) -> None:
        while not self._stopping.wait(0.1):
            for name, child in self._children.items():
                self._peak[name] = max(self._peak[name], child.memory_info().rss)


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
