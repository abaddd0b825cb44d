"""Truth: what is so in a run, as far as it can be said before. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

# What holds an agent's own span and fails with it, below a step of the application; below another agent it is
# taken for that one's.
HOLDERS = {"crewai": "{}.kickoff"}


@dataclass(frozen=True)
class Truth:
    """What was done to a run; empty where there is nothing of that sort. See errors.toml.

    Parameters
    ----------
    path
        From whom to whom an error went, from where it began.
    origin
        Agent and call that failed first.
    outcome
        Of its chain, in the words of `analytics.chains`.
    consumer
        Agent that went on from what was made up or wrong.
    culprit
        Agent that put out what is wrong, where no status says so.
    payments
        In the ledger of the payment server afterwards; None where nothing is paid.
    boundary
        Agent and tool whose answer is not as it always was.
    """

    path: Sequence[str] = ()
    origin: Sequence[str] = ()
    outcome: str = ""
    consumer: str = ""
    culprit: str = ""
    payments: int | None = None
    boundary: Sequence[str] = ()

    @property
    def edges(self) -> set[tuple[str, str]]:
        """From whom to whom."""
        return set(pairwise(self.path))


def truth_of(said: Mapping[str, Any], framework: str, *, faulty: bool) -> Truth:
    """Return what is true of a run.

    Parameters
    ----------
    said
        `truth` of its fault in errors.toml.
    """
    if not faulty:
        return Truth(payments=said.get("clean_payments"))
    kept = {key: said[key] for key in said if key not in ("clean_payments", "steps")}
    steps = said.get("steps", [])
    holders = [HOLDERS[framework].format(said["path"][-1])] if steps and framework in HOLDERS else []
    return read(kept | ({"path": [*said["path"], *holders, *steps]} if steps else {}))


def read(said: Mapping[str, Any]) -> Truth:
    """Return what stands in a manifest."""
    return Truth(**{key: tuple(each) if isinstance(each, list) else each for key, each in said.items()})
