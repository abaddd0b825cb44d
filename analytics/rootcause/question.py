"""Question: which traces count as failing, and which they are compared with. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analytics.period import Period

Failing = Literal["error", "slow", "later"]
# A trace is slow that took longer than so many of a hundred of its root did before.
USUAL = 0.95
# Of fewer earlier traces it is not said how long is usual: then the period's own say it.
USUAL_MIN = 30


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Parameters
    ----------
    period
        Whose traces may be failing.
    earlier
        What is usual: the traces compared with if `later` is asked, how long a trace takes if `slow` is.
    failing
        `error`: traces whose status is error, compared with those of the period whose status is none; `slow`:
        those that took longer than usual, compared with the others of the period; `later`: all traces of the
        period, compared with the earlier ones, as since a deployment.
    """

    period: Period
    earlier: Period
    failing: Failing = "error"

    @property
    def is_of_outcome(self) -> bool:
        """Whether failing traces went wrong, each of them, rather than began later."""
        return self.failing != "later"

    @property
    def parameters(self) -> Mapping[str, object]:
        """The parameters of statements."""
        earlier = self.earlier.parameters
        return {
            **self.period.parameters,
            "earlier_from_ns": earlier["from_ns"],
            "earlier_until_ns": earlier["until_ns"],
            "failing": self.failing,
            "usual": USUAL,
            "usual_min": USUAL_MIN,
        }


def asked(period: Period, failing: Failing = "error") -> Question:
    """Compare with as long a time right before the period."""
    earlier = Period(period.start - (period.end - period.start), period.start, period.environment)
    return Question(period, earlier, failing)
