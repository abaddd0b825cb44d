"""`make faults`: every scenario at full size, and a table of what came out.

`FAULTS="-k power"` chooses some, `FAULTS_SIZE=0.1` runs a tenth, `FAULTS_SEED=2` draws others.
"""

import json
import os
import shlex
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from rich.table import Table


class Outcomes:
    """Collects what each scenario ended with."""

    def __init__(self) -> None:
        self.of: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or not report.passed:
            reason = f": {report.longrepr[2]}" if isinstance(report.longrepr, tuple) else ""
            self.of[report.nodeid] = f"{report.outcome}{reason}"


def main() -> int:
    os.environ.setdefault("FAULTS_SIZE", "full")
    outcomes = Outcomes()
    with tempfile.NamedTemporaryFile() as figures:
        os.environ["FAULTS_FIGURES"] = figures.name
        chosen = shlex.split(os.environ.get("FAULTS", ""))
        code = pytest.main(["-q", str(Path(__file__).parent), *chosen], plugins=[outcomes])
        lines = [json.loads(line) for line in Path(figures.name).read_text().splitlines()]
    _print(outcomes.of, {line["test"]: line for line in lines})
    return int(code)


def _print(outcomes: dict[str, str], noted: dict[str, dict[str, Any]]) -> None:
    table = Table("scenario", "size", "figures", "verdict", title="Faults", title_justify="left")
    for test, verdict in outcomes.items():
        line = noted.get(test, {"scenario": test.rpartition("::")[2], "size": "", "figures": {}})
        figures = ", ".join(f"{name} {value}" for name, value in line["figures"].items())
        table.add_row(line["scenario"], line["size"], figures, verdict)
    Console(width=None if sys.stdout.isatty() else 200).print(table)


if __name__ == "__main__":
    sys.exit(main())
