"""Work that is done again and again, in a thread of its own."""

import threading
from collections.abc import Callable

import structlog
from prometheus_client import Counter

log = structlog.get_logger(__name__)
_FAILED = Counter(
    "doldrums_core_work_failed", "Times that work which is done again and again failed", ["work"]
)


class Periodic:
    """Does `work` at the start and every `every_s` seconds; what fails is logged, counted, tried again."""

    def __init__(self, name: str, work: Callable[[], object], every_s: float) -> None:
        self._name = name
        self._failed = _FAILED.labels(name)
        self._work = work
        self._every_s = every_s
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, timeout_s: float) -> None:
        """End after what is at work."""
        self._stopping.set()
        self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._work()
            except Exception:
                self._failed.inc()
                log.exception("periodic_work_failed", work=self._name, action="will try again")
            self._stopping.wait(self._every_s)
