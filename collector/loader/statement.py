"""The loading statement for one vocabulary: the SQL of load_traces.sql, completed from the table."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from collector.conventions.compile import Compiler
from collector.conventions.restrict import Vocabulary, restrict
from collector.conventions.table import table
from collector.loader.structure import Nesting
from collector.redaction.expression import attribute_mark, is_asked, is_gated, redacted_text
from collector.redaction.rule import Rule
from collector.store.statement import statement

# A service speaks few dialects; each combination is compiled once per process.
_STATEMENTS_MAX = 256


@dataclass(frozen=True)
class Shape:
    """What a statement for loading has to bear.

    Parameters
    ----------
    cut
        Whether something is over a limit and must be cut; asking of every value costs 4 us a span,
        so it is asked only where it matters.
    apart
        Whether there are texts long enough to be stored apart, in pieces.
    redaction
        The rules whose secrets may be there.
    """

    vocabulary: Vocabulary
    nesting: Nesting
    cut: bool
    apart: bool
    redaction: tuple[Rule, ...] = ()


@lru_cache(maxsize=_STATEMENTS_MAX)
def load_statement(shape: Shape) -> str:
    """Return the INSERT ... SELECT for segments of this shape."""
    compiler = Compiler(restrict(table(), shape.vocabulary))
    fields = compiler.fields()
    parts = {
        "schema": _schema("otlp.proto"),
        "pieces": _definitions("pieces.sql"),
        "redaction": _redaction(shape.redaction),
        **{name: fields.pop(name) for name in ("pending_parent", "failed", "input", "output")},
        "field_names": ", ".join(fields),
        "fields": ",\n    ".join(fields.values()),
        "kind": compiler.kind(),
        "attributes": compiler.known(),
        "output_attributes": compiler.output_attributes(),
        "slots": compiler.slots(),
        "resource_values": compiler.resource_values(),
    }
    variants = {
        shape.nesting,
        "cut" if shape.cut else "whole",
        "apart" if shape.apart else "inline",
        _sensitivity(shape.redaction),
    }
    return _variant(_completed(statement(__package__, "load_traces.sql"), parts), variants)


def contents_statement(shape: Shape) -> str:
    """Return the INSERT ... SELECT for the pieces of long texts."""
    parts = {
        "schema": _schema("otlp.proto"),
        "pieces": _definitions("pieces.sql"),
        "redaction": _redaction(shape.redaction),
    }
    variants = {"cut" if shape.cut else "whole", _sensitivity(shape.redaction)}
    return _variant(_completed(statement(__package__, "load_contents.sql"), parts), variants)


def logs_statement(redaction: Sequence[Rule]) -> str:
    """Return the INSERT ... SELECT for segments of logs."""
    parts = {"schema": _schema("logs.proto"), "redaction": _redaction(redaction)}
    return _variant(_completed(statement(__package__, "load_logs.sql"), parts), {_sensitivity(redaction)})


def vocabulary_statement() -> str:
    """Return the SELECT that looks at the names in segments."""
    return statement(__package__, "read_vocabulary.sql").replace("{{schema}}", _schema("names.proto"))


def secrets_statement() -> str:
    """Return the SELECT that looks for secrets in segments."""
    return statement(__package__, "find_secrets.sql")


def _redaction(rules: Sequence[Rule]) -> str:
    parts = {
        "is_gated": is_gated(rules),
        "is_asked": is_asked(rules),
        "redacted_text": redacted_text(rules),
        "attribute_mark": attribute_mark(rules),
    }
    return _completed(_definitions("redaction.sql"), parts)


def _sensitivity(rules: Sequence[Rule]) -> str:
    return "secret" if rules else "clear"


def _definitions(name: str) -> str:
    """Return what stands between WITH and SELECT, to stand among other definitions."""
    return statement(__package__, name).partition("WITH\n")[2].rpartition("\nSELECT\n")[0].strip()


def _completed(sql: str, parts: Mapping[str, str]) -> str:
    for name, text in parts.items():
        sql = sql.replace("{{" + name + "}}", text)
    return sql


def _schema(name: str) -> str:
    """A schema's file beside this one; given as text it would leave a copy where the process stands."""
    return str(Path(__file__).with_name(name)).replace("\\", "\\\\").replace("'", "\\'")


def _variant(sql: str, names: set[str]) -> str:
    """Keep the unmarked lines and those marked with one of these variants' names."""
    marked = ((re.match(r"\s*/\*(\w+)\*/", line), line) for line in sql.splitlines())
    return "\n".join(line for mark, line in marked if mark is None or mark.group(1) in names)
