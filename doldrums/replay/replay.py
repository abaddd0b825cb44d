"""`doldrums replay`: sends files of OTLP requests, in order, to an endpoint."""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from doldrums.replay.report import Report, Tally, counted
from doldrums.replay.sender import Sender
from doldrums.replay.source import Fault, Request, files_of, requests_in
from doldrums.replay.times import newest_unix_nano, shift


def replay(
    paths: Sequence[Path], endpoint: str, api_key: str, *, to_now: bool, spans_per_s_max: float | None
) -> int:
    """Send every request of the files; return 1 when something was not taken, else 0.

    Parameters
    ----------
    paths
        Files, and folders of files.
    endpoint
        URL of an OTLP/HTTP endpoint.
    api_key
        Shown to it, where there is one.
    to_now
        Whether all times are moved by the same amount, so that the newest span ends now.
    spans_per_s_max
        Spans a second at most.
    """
    files = files_of(paths)
    console, tally = Console(stderr=True), Tally()
    report = Report(console)
    with closing(Sender(endpoint, api_key, spans_per_s_max, report.say)) as sender:
        try:
            with _bar(console) as bar:
                by_nano = _to_now(files, bar) if to_now else 0
                for found in _over(files, bar, f"Sending to {sender.url}"):
                    _handle(found, by_nano, sender, tally, report)
        except BaseException:
            # Ctrl-C, or nobody answers any more: what was taken before stays there
            if tally.requests:
                _print(tally.sentence(sender.url))
            raise
    _print(tally.sentence(sender.url))
    return 0 if tally.complete else 1


def _handle(found: Request | Fault, by_nano: int, sender: Sender, tally: Tally, report: Report) -> None:
    if isinstance(found, Fault):
        tally.faults += 1
        report.say(f"{found.place}: {found.reason}")
        return
    shift(found.message, by_nano)
    answer = sender.send(found.message)
    tally.requests += 1
    tally.sent += answer.sent
    tally.rejected += answer.rejected
    if answer.rejected:
        report.say(f"{found.place}: {counted(answer.rejected, 'span')} rejected: {answer.reason}")


def _to_now(files: Sequence[Path], bar: Progress) -> int:
    """Return the nanoseconds to add; the files are read twice, as they need not fit into memory."""
    newest = newest_unix_nano(
        found.message
        for found in _over(files, bar, "Looking for the newest span")
        if isinstance(found, Request)
    )
    return time.time_ns() - newest if newest else 0


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    return Progress(*columns, TimeRemainingColumn(), console=console, disable=not console.is_terminal)


def _over(files: Sequence[Path], bar: Progress, doing: str) -> Iterator[Request | Fault]:
    """Return what the files hold, and move a bar as they are read."""
    task = bar.add_task(escape(doing), total=sum(_bytes(file) for file in files))
    for file in files:
        yield from requests_in(file, partial(bar.wrap_file, task_id=task))


def _bytes(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _print(text: str) -> None:
    Console().print(text, markup=False, highlight=False, soft_wrap=True)
