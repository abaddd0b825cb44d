"""Keys: which series something is of. Pure."""

from typing import NamedTuple

from analytics.series.metric import RANK_OF, Metric, metric


class SeriesKey(NamedTuple):
    """A metric of an agent's operation.

    Parameters
    ----------
    subject
        The tool, the model or the root; empty where there is none.
    metric
        As in `drift_counts`.
    """

    project: str
    environment: str
    agent: str
    operation: str
    subject: str
    metric: str

    @property
    def measure(self) -> Metric:
        """What is measured."""
        return metric(self.metric)

    @property
    def is_pool(self) -> bool:
        """Whether it is of series that are watched together."""
        return self.metric.startswith(RANK_OF)

    @property
    def what(self) -> str:
        """Its name in a sentence.

        Examples
        --------
        >>> SeriesKey("default", "prod", "coder", "chat", "gpt-5", "output tokens").what
        'output tokens of coder, chat gpt-5'
        """
        of = " ".join(part for part in (self.operation, self.subject) if part)
        who = self.agent or ("several agents" if self.is_pool else "all agents")
        return f"{self.metric} of {who}, {of}" if of else f"{self.metric} of {who}"


def series_id(series: int) -> str:
    """Return a series' number as the API writes it.

    Examples
    --------
    >>> series_id(255)
    '00000000000000ff'
    """
    return f"{series:016x}"
