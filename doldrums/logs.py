"""One form for every line of log, always on stderr: readable on a terminal, JSON otherwise or when asked.

A terminal gets warnings alone: whoever sits there has the addresses before their eyes, and wants
to keep them. There is no log file: whoever runs the service keeps its stderr already.

An event is a constant name and values beside it, never what is in a span, never a secret.
"""

import logging
import sys
from typing import Any, Literal

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from doldrums.repeats import Repeats, tell_repeats

LogForm = Literal["auto", "json", "text"]
OURS = ("analytics", "collector", "dashboard", "doldrums")


def configure_logging(process: str, form: LogForm = "auto") -> None:
    """Send structlog's events and the libraries' records to stderr.

    Parameters
    ----------
    process
        Name of this process, in every event.
    form
        `auto` is text on a terminal and JSON elsewhere.
    """

    def name_process(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {**event, "process": process}

    terminal = sys.stderr.isatty()
    text = form == "text" or (form == "auto" and terminal)
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="%H:%M:%S" if text else "iso", utc=not text),
        name_process,
    ]
    rendering: list[Processor] = (
        # a plain traceback: the other has the values of variables in it
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if text
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(serializer=_json)]
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.addFilter(Repeats())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                tell_repeats,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *rendering,
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for package in () if terminal else OURS:
        logging.getLogger(package).setLevel(logging.INFO)


def _json(event: EventDict, **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()
