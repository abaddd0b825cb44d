"""Left out: what bad data makes fail stands alone, and is said once with how many others did."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

log = structlog.get_logger(__name__)


class LeftOut:
    """Goes on without what fails; a trace may hold thousands that do, so the first of them is logged whole.

    Parameters
    ----------
    what
        Is worked through.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self.count = 0

    @contextmanager
    def one(self, of: str) -> Iterator[None]:
        """Do something with one of them; whatever it raises, the next one is not concerned."""
        try:
            yield
        except Exception:
            self.count += 1
            if self.count == 1:
                log.exception("contracts_left_out", what=self._what, boundary=of, action="goes on without it")

    def say(self) -> None:
        """Log how many there were."""
        if self.count > 1:
            log.warning(
                "contracts_left_out", what=self._what, count=self.count, action="goes on without them"
            )
