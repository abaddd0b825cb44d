"""`doldrums replay`: sends files of OTLP requests, in order, to an endpoint."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from doldrums.replay.sender import Sender
from doldrums.replay.source import Fault, Request, files_of, requests_in
from doldrums.replay.times import newest_unix_nano, shift


@dataclass
class Tally:
    """What was sent and what was not."""

    requests: int = 0
    sent: int = 0
    rejected: int = 0
    faults: int = 0

    def sentence(self, url: str) -> str:
        """Return it in words."""
        sent = f"Sent {_counted(self.sent, 'span')} in {_counted(self.requests, 'request')} to {url}"
        text = f"{sent}; {self.rejected:,} rejected"
        return f"{text}; {self.faults:,} unreadable." if self.faults else f"{text}."


def replay(paths: Sequence[Path], endpoint: str, *, to_now: bool, spans_per_s_max: float | None) -> int:
    """Send every request of the files; return 1 when something was not taken, else 0.

    Parameters
    ----------
    paths
        Files, and folders of files.
    endpoint
        URL of an OTLP/HTTP endpoint.
    to_now
        Whether all times are moved by the same amount, so that the newest span ends now.
    spans_per_s_max
        Spans a second at most.
    """
    files = files_of(paths)
    sender = Sender(endpoint, spans_per_s_max)
    console = Console(stderr=True)
    tally = Tally()
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal) as bar:
        by_nano = _to_now(files, bar) if to_now else 0
        for found in _over(files, bar, f"Sending to {sender.url}"):
            if isinstance(found, Request):
                shift(found.message, by_nano)
                _send(found, sender, tally, bar)
            else:
                tally.faults += 1
                _say(bar, f"{found.place}: {found.reason}")
    sender.close()
    Console().print(tally.sentence(sender.url), markup=False, highlight=False, soft_wrap=True)
    return 1 if tally.faults or tally.rejected else 0


def _send(request: Request, sender: Sender, tally: Tally, bar: Progress) -> None:
    answer = sender.send(request.message)
    tally.requests += 1
    tally.sent += answer.sent
    tally.rejected += answer.rejected
    if answer.rejected:
        _say(bar, f"{request.place}: {_counted(answer.rejected, 'span')} rejected: {answer.reason}")


def _to_now(files: Sequence[Path], bar: Progress) -> int:
    """Return the nanoseconds to add; the files are read twice, as they need not fit into memory."""
    newest = newest_unix_nano(
        found.message
        for found in _over(files, bar, "Looking for the newest span")
        if isinstance(found, Request)
    )
    return time.time_ns() - newest if newest else 0


def _over(files: Sequence[Path], bar: Progress, doing: str) -> Iterator[Request | Fault]:
    """Return what the files hold, and move a bar by their bytes."""
    task: TaskID = bar.add_task(escape(doing), total=sum(_bytes(file) for file in files))
    for file in files:
        yield from requests_in(file)
        bar.advance(task, _bytes(file))


def _bytes(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _say(bar: Progress, text: str) -> None:
    bar.console.print(text, markup=False, highlight=False, soft_wrap=True)


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
