"""A comparison as a table and as Markdown."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analytics.api.drift_models import ComparedSeries, Comparison
from analytics.checklist.markdown import text

_REASONS_MAX = 5


def summary(found: Comparison) -> str:
    """Return how many series differ, in a sentence or two."""
    told = f"{found.differing:,} of {found.compared:,} series differ; "
    told += f"of those that do, {found.discovery_rate:.2g} at most are expected to be chance."
    if not found.compared:
        told = "Nothing could be compared."
    if found.unknown:
        told += f" Of {found.unknown:,} it could not be told."
    if found.left_out:
        told += f" {found.left_out:,} with fewer calls were left out."
    if found.cut:
        told += f" Of what texts say, {found.cut}."
    if not (found.compared or found.unknown):
        told += " No call of either was counted: hours are counted some minutes after they end."
    return told


def table(found: Comparison) -> None:
    """Print the series that differ, and why others could not be compared where none could."""
    shown = _shown(found)
    if not shown:
        return
    lines = Table(box=None)
    for column in ("", "series", "what", "calls", "chance"):
        lines.add_column(column, overflow="fold")
    for one in shown:
        style = "bold red" if one.verdict == "differs" else "dim"
        lines.add_row(Text(one.verdict.upper(), style), *map(Text, _cells(one)))
    Console().print(lines)


def markdown(found: Comparison) -> str:
    """Return the same as Markdown."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Comparison) -> Iterator[str]:
    yield "# Comparison"
    yield ""
    yield f"From {text(_plain(found.before))} to {text(_plain(found.after))}. {summary(found)}"
    shown = _shown(found)
    if shown:
        yield ""
        yield "| | series | what | calls | chance |"
        yield "|---|---|---|---|---|"
    for one in shown:
        yield f"| {one.verdict.upper()} | {' | '.join(text(cell) for cell in _cells(one))} |"


def _shown(found: Comparison) -> list[ComparedSeries]:
    if found.compared:
        return [one for one in found.items if one.verdict == "differs"]
    return found.items[:_REASONS_MAX]


def _cells(one: ComparedSeries) -> list[str]:
    names = (one.agent, one.operation, one.subject, one.environment)
    series = f"{one.metric} of {', '.join(name for name in names if name)}"
    chance = "" if one.discovery_rate is None else f"{one.discovery_rate:.2g}"
    return [_plain(series), _plain(one.headline), f"{one.calls_before:,} -> {one.calls_after:,}", chance]


def _plain(words: str) -> str:
    r"""Return words without what a terminal would obey: names come from outside.

    Examples
    --------
    >>> _plain("a\x1b[31mb\u202e")
    'a [31mb '
    """
    return "".join(letter if letter.isprintable() else " " for letter in words)
