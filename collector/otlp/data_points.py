"""How many data points a request of metrics holds: all that is known of them before they are dropped."""

from collections.abc import Iterator
from typing import Any

from collector.errors import DecodeError, TooLarge
from collector.otlp.json_document import read_document
from collector.otlp.wire import fields, length_delimited

# Gauge, sum, histogram, exponential histogram and summary; each has its points in field 1.
_KINDS = {length_delimited(number) for number in (5, 7, 9, 10, 11)}
# ResourceMetrics, ScopeMetrics and Metric on the way down from the request, and a point at its end.
_WAY_DOWN = (
    {length_delimited(1)},
    {length_delimited(2)},
    {length_delimited(2)},
    _KINDS,
    {length_delimited(1)},
)
_POINTS_LEVEL = len(_WAY_DOWN) - 1

_JSON_WAY_DOWN = ("resourceMetrics", "scopeMetrics", "metrics")
_JSON_KINDS = ("gauge", "sum", "histogram", "exponentialHistogram", "summary")


def count_data_points(body: bytes, elements_max: int) -> int:
    """Count on the wire; what is in a point is not looked at.

    Raises
    ------
    TooLarge
        More fields than `elements_max` would have to be looked at.
    DecodeError
        The bytes are not protobuf.
    """
    messages, visited, points = [(0, 0, len(body))], 0, 0
    while messages:
        level, start, end = messages.pop()
        for tag, at, stop in fields(body, start, end):
            visited += 1
            if visited > elements_max:
                raise TooLarge(f"the request holds more than {elements_max} metrics and data points")
            if tag in _WAY_DOWN[level]:
                if level == _POINTS_LEVEL:
                    points += 1
                elif stop > at:
                    messages.append((level + 1, at, stop))
    return points


def count_json_data_points(body: bytes, elements_max: int) -> int:
    """Count in OTLP/JSON.

    Raises
    ------
    TooLarge, DecodeError
        As `read_document` does; or something on the way to the points is of the wrong type.
    """
    documents: list[Any] = [read_document(body, elements_max)]
    for name in _JSON_WAY_DOWN:
        documents = [part for document in documents for part in _listed(document, name)]
    kinds = [metric.get(kind) for metric in documents for kind in _JSON_KINDS if isinstance(metric, dict)]
    return sum(1 for kind in kinds if kind is not None for _ in _listed(kind, "dataPoints"))


def _listed(document: Any, name: str) -> Iterator[Any]:
    snake = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
    parts = document.get(name, document.get(snake)) if isinstance(document, dict) else ""
    if not isinstance(parts, list | None):
        raise DecodeError(f"{name} is not a JSON array")
    yield from parts or ()
