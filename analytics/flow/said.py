"""Said: what went into a span and what came out of it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

# Pieces of one side of a span that are looked at, and characters of each: a conversation's newest words are
# at its end, and an answer begins with what it says.
PIECES_MAX = 100
CHARACTERS_MAX = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One span of a trace, as far as data flow is concerned. Unknown strings are ''.

    Parameters
    ----------
    start_ns, end_ns
        Unix nanoseconds; `end_ns` is 0 while it is open.
    above
        Ids of its ancestors: their output is made of what is below them.
    call_id
        The model's call that it answers, or asks for.
    failed
        Its status says so, or its answer does.
    taken, given
        Texts, a conversation message by message: each is looked at once, however often it is sent again.
    """

    span_id: str
    agent: str
    start_ns: int
    end_ns: int
    taken: tuple[str, ...]
    given: tuple[str, ...]
    above: frozenset[str] = frozenset()
    call_id: str = ""
    kind: str = ""
    tool: str = ""
    failed: bool = False

    @property
    def takes(self) -> Iterator[str]:
        """What went in, as much as is looked at."""
        return (piece[-CHARACTERS_MAX:] for piece in self.taken[-PIECES_MAX:])

    @property
    def gives(self) -> Iterator[str]:
        """What came out, as much as is looked at."""
        return (piece[:CHARACTERS_MAX] for piece in islice(self.given, PIECES_MAX))

    @property
    def who(self) -> str:
        """Who takes in: an agent once, whatever it does; a span without one is its own."""
        return self.agent or self.span_id
