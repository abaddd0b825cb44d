"""What the receiver logs as a fault of its own, and answers with 503: here it is what is looked for."""

import logging
from typing import Any

import structlog


def confessions() -> list[str]:
    """Return a list to which each is added, with its traceback; nothing else is logged."""
    told: list[str] = []

    def hear(_: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
        if method in {"error", "exception", "critical"}:
            told.append(f"{event.get('event')}: {event.get('exception', event)}")
        raise structlog.DropEvent

    structlog.configure(processors=[structlog.processors.format_exc_info, hear])
    logger = logging.getLogger("uvicorn.error")
    logger.handlers, logger.propagate = [_Hearing(told)], False
    return told


class _Hearing(logging.Handler):
    def __init__(self, told: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._told = told

    def emit(self, record: logging.LogRecord) -> None:
        self._told.append(self.format(record))
