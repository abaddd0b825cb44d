"""Every .sql file is SQL in the engine's own eyes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("collector", "analytics", "dashboard", "doldrums", "bench")
SQL_FILES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.sql"))


def format_errors(paths: list[Path]) -> dict[str, str]:
    script = Path(__file__).with_name("format_sql.py")
    answer = subprocess.run(
        [sys.executable, script],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    errors: dict[str, str] = json.loads(answer.stdout)
    return errors


@pytest.fixture(scope="module")
def errors() -> dict[str, str]:
    return format_errors(SQL_FILES)


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_engine_can_format(path: Path, errors: dict[str, str]) -> None:
    assert errors.get(str(path)) is None


def test_a_misspelt_keyword_is_found(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.sql"
    wrong.write_text("SELECT trace_id FORM spans WERE open")

    assert str(wrong) in format_errors([wrong])
