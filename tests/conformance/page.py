"""docs/conformance.md from the statements and the tests that name them: `make docs`."""

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
ROOT = TESTS.parent

_HEAD = """# OTLP conformance

<!-- Written by `make docs` from tests/conformance/statements.toml and the tests; a test compares. -->

What a receiver of OTLP promises, statement by statement, and the tests that hold it: over real sockets,
most of them with the exporters and clients that users have. *Spec* is opentelemetry-proto's
`docs/specification.md` (v1.11), *Collector* the OpenTelemetry Collector's receiver, *wire* what exporters
were seen to send, *doldrums* our own. Where there was a choice, or ours differs, the decision stands below
the statement.
"""


def statements() -> list[dict[str, Any]]:
    """Return all statements, in order."""
    return [statement for section in _sections() for statement in section["statement"]]


def named_by() -> dict[int, list[str]]:
    """Return the tests that `@pytest.mark.otlp(number, ...)` binds to each statement, as file::test."""
    found: dict[int, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for function in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                for number in _numbers(function):
                    found.setdefault(number, []).append(f"{path.relative_to(ROOT)}::{function.name}")
    return found


def page() -> str:
    """Return the page as Markdown."""
    tests = named_by()
    return "\n".join([_HEAD, *(line for section in _sections() for line in _lines(section, tests))])


def _sections() -> list[dict[str, Any]]:
    sections: list[dict[str, Any]] = tomllib.loads(
        Path(__file__).with_name("statements.toml").read_text(encoding="utf-8")
    )["section"]
    return sections


def _numbers(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[int]:
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "pytest.mark.otlp":
            yield from (ast.literal_eval(argument) for argument in decorator.args)


def _lines(section: Mapping[str, Any], tests: Mapping[int, list[str]]) -> Iterator[str]:
    yield f"## {section['title']}\n"
    for statement in section["statement"]:
        number = statement["number"]
        yield f"**{number}.** {statement['text']} *{statement['source']}*\n"
        if "decision" in statement:
            yield f"> {statement['decision']}\n"
        yield from (_test(name) for name in tests.get(number, ()))
        yield ""


def _test(name: str) -> str:
    file, _, function = name.partition("::")
    return f"- [{function.removeprefix('test_').replace('_', ' ')}](../{file})"


if __name__ == "__main__":
    sys.stdout.write(page())
