"""`doldrums doctor`: looks at everything that a start needs, and says what to do."""

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table
from rich.text import Text

from doldrums.doctor.check import Check
from doldrums.doctor.clock import check_clock
from doldrums.doctor.engine import check_engine
from doldrums.doctor.listening import check_ports
from doldrums.doctor.place import check_disk, check_folder, nearest_folder
from doldrums.doctor.service import check_service, running
from doldrums.settings import Settings

STYLES = {"ok": "green", "warn": "yellow", "fail": "bold red"}


def examine(settings: Settings) -> int:
    """Print a table of what was found; return 1 when something fails, else 0."""
    table = Table("", "", "Found", "What to do", title="doldrums doctor", title_justify="left")
    verdicts = set()
    for check in _checks(settings):
        verdicts.add(check.verdict)
        # as text: a path is not to be read as markup
        table.add_row(
            Text(check.verdict, style=STYLES[check.verdict]),
            check.subject,
            Text(check.found, overflow="fold"),
            Text(check.advice, overflow="fold"),
        )
    Console().print(table)
    return 1 if "fail" in verdicts else 0


def _checks(settings: Settings) -> Iterator[Check]:
    run = running(settings)
    yield check_service(settings, run)
    yield from check_ports(settings, run)
    yield check_folder(settings)
    yield check_disk(settings)
    yield check_engine()
    yield check_clock(nearest_folder(settings.data_dir))
