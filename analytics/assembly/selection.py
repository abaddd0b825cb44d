"""What one read of assembly takes: bounded, whatever a trace is like."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from collector.store.statement import statement

_LAST_NS = 2**63 - 1
_LAST_ID = "f" * 32
# behind every text
_LAST_PROJECT = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Selection:
    """Parameters of selected.sql, and of the statements that read spans by it.

    Parameters
    ----------
    days, segments
        Segments whose traces are read, and the days on which they were received.
    large
        Places of traces that are not read, though the segments touch them: the id in hexadecimal
        and the project, in one text.
    first, last
        Places between which a trace must be.
    turn
        Traces that are read whatever the segments are.
    until_ns, until_span
        Start and id of the last span that is read.
    left_out
        Spans of the trace that come after that.
    """

    days: list[str] = field(default_factory=list)
    segments: list[str] = field(default_factory=list)
    large: list[str] = field(default_factory=list)
    first: str = ""
    last: str = _LAST_ID + _LAST_PROJECT
    turn: list[str] = field(default_factory=list)
    until_ns: int = _LAST_NS
    until_span: str = _LAST_ID[:16]
    left_out: int = 0

    @property
    def parameters(self) -> Mapping[str, object]:
        """The parameters by name."""
        return asdict(self)


def selecting(name: str) -> str:
    """Return the statement `name`, to which `selected` is what selected.sql selects.

    Examples
    --------
    >>> selecting("trace_sizes.sql").startswith("WITH selected AS (")
    True
    """
    return f"WITH selected AS (\n{statement(__package__, 'selected.sql')})\n{statement(__package__, name)}"
