"""How much a request may hold, checked on its bytes before any object is built.

An empty span is 2 bytes on the wire and 172 in the parser: 10 MB of them take 859 MB.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from collector.errors import TooLarge
from collector.otlp.signal import Signal
from collector.otlp.wire import fields, length_delimited

# Half of it is the most elements it can hold, 45 MB in the parser: not worth a walk, and a
# batch of 512 ordinary spans (0.4 MB) stays below.
_UNSCANNED_BYTES_MAX = 512 * 1024

# An attribute is 4 fields on the wire (itself, key, value, the value's branch) and one element.
_FIELDS_PER_ELEMENT = 5
_ELEMENT_BYTES_MIN = 2


@dataclass(eq=False)
class _Message:
    """What a message holds that is worth walking into, by tag; `counted_as` is what it is itself."""

    counted_as: str = "element"
    children: dict[int, "_Message"] = field(default_factory=dict)

    def holds(self, number: int, child: "_Message") -> "_Message":
        self.children[length_delimited(number)] = child
        return self


def _attribute() -> _Message:
    value = _Message(counted_as="part")
    pair = _Message().holds(2, value)
    item = _Message()
    item.children = value.children
    value.holds(5, _Message(counted_as="part").holds(1, item))
    value.holds(6, _Message(counted_as="part").holds(1, pair))
    return pair


def _request(item: _Message) -> _Message:
    """Spans and log records lie equally deep."""
    scope_items = _Message().holds(2, item).holds(1, _Message("part").holds(3, _ATTRIBUTE))
    resource = _Message("part").holds(1, _ATTRIBUTE).holds(3, _Message())
    return _Message().holds(1, _Message().holds(1, resource).holds(2, scope_items))


_ATTRIBUTE = _attribute()
_EVENT = _Message().holds(3, _ATTRIBUTE)
_LINK = _Message().holds(4, _ATTRIBUTE)
_SPAN = _Message("item").holds(9, _ATTRIBUTE).holds(11, _EVENT).holds(13, _LINK)
_LOG_RECORD = _Message("item").holds(5, _ATTRIBUTE.children[length_delimited(2)]).holds(6, _ATTRIBUTE)

_DOWN_TO_ITEMS = _request(_Message("item"))
_EVERYTHING = {Signal.TRACES: _request(_SPAN), Signal.LOGS: _request(_LOG_RECORD)}

# Tags of every repeated element below a span or a log record, a resource and a scope; a varint that
# is longer than it must be begins with the same byte and its highest bit set.
_ELEMENTS = {Signal.TRACES: (1, 3, 4, 9, 11, 13), Signal.LOGS: (1, 3, 6)}
_ELEMENT_TAGS = {
    signal: [bytes([length_delimited(number) | high_bit]) for number in numbers for high_bit in (0, 0x80)]
    for signal, numbers in _ELEMENTS.items()
}


def check_bounds(body: bytes, items_max: int, elements_max: int, signal: Signal = Signal.TRACES) -> None:
    """Refuse what holds more than it may, in time that the bounds limit and not the bytes.

    Parameters
    ----------
    body
        A request of traces or logs; only its structure is looked at.
    items_max
        Spans or log records in the request.
    elements_max
        Attributes, events, links, array items and envelopes of the request together.

    Raises
    ------
    TooLarge
        More of them than that.
    DecodeError
        The bytes are not protobuf.
    """
    if len(body) <= _UNSCANNED_BYTES_MAX:
        return
    most = _Most(f"{items_max} {signal.item}s", items_max, elements_max)
    _walk(body, _DOWN_TO_ITEMS, most, fields_max=elements_max)
    tags = _ELEMENT_TAGS[signal]
    if len(body) > elements_max * _ELEMENT_BYTES_MIN and sum(map(body.count, tags)) > elements_max:
        _walk(body, _EVERYTHING[signal], most, fields_max=elements_max * _FIELDS_PER_ELEMENT)


class _Most(NamedTuple):
    in_words: str
    items: int
    elements: int


def _walk(body: bytes, root: _Message, most: _Most, fields_max: int) -> None:
    items = elements = visited = 0
    pending = [(root.children, 0, len(body))]
    while pending:
        children, message_start, message_end = pending.pop()
        for tag, start, end in fields(body, message_start, message_end):
            visited += 1
            child = children.get(tag)
            if child is not None:
                items += child.counted_as == "item"
                elements += child.counted_as == "element"
                if child.children and end > start:
                    pending.append((child.children, start, end))
            if items > most.items:
                raise TooLarge(f"the request holds more than {most.in_words}")
            if elements > most.elements or visited > fields_max:
                raise TooLarge(f"the request holds more than {most.elements} attributes, events and links")
