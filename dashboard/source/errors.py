"""What can go wrong between this dashboard and the API, each with a sentence for the reader.

* SourceError
  x Unreachable   nothing answers, or not in time: worth asking again by itself
  x Failing       an answer, but 5xx or not understood: worth asking again by itself
  x NotFound      404: asking again changes nothing
  x Refused       another 4xx: asking again changes nothing
"""

from datetime import datetime


class SourceError(Exception):
    """The API did not give what was asked for.

    Parameters
    ----------
    sentence
        What happened, in plain words and plain text.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.since: datetime | None = None


class Unreachable(SourceError):  # noqa: N818 - reads as what happened
    pass


class Failing(SourceError):  # noqa: N818 - reads as what happened
    pass


class NotFound(SourceError):  # noqa: N818 - reads as what happened
    pass


class Refused(SourceError):  # noqa: N818 - reads as what happened
    pass
