"""How much a request may hold, checked on its bytes before any object is built.

An empty span is 2 bytes on the wire and 172 in the parser: 10 MB of them take 859 MB.
"""

from dataclasses import dataclass, field

from collector.errors import TooLarge
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


def _request(span: _Message) -> _Message:
    scope_spans = _Message().holds(2, span).holds(1, _Message("part").holds(3, _ATTRIBUTE))
    resource = _Message("part").holds(1, _ATTRIBUTE).holds(3, _Message())
    return _Message().holds(1, _Message().holds(1, resource).holds(2, scope_spans))


_ATTRIBUTE = _attribute()
_EVENT = _Message().holds(3, _ATTRIBUTE)
_LINK = _Message().holds(4, _ATTRIBUTE)
_SPAN = _Message("span").holds(9, _ATTRIBUTE).holds(11, _EVENT).holds(13, _LINK)

_DOWN_TO_SPANS = _request(_Message("span"))
_EVERYTHING = _request(_SPAN)

# Tags of every repeated element below a span, a resource and a scope; a varint that is longer
# than it must be begins with the same byte and its highest bit set.
_ELEMENT_TAGS = [
    bytes([length_delimited(number) | high_bit]) for number in (1, 3, 4, 9, 11, 13) for high_bit in (0, 0x80)
]


def check_bounds(body: bytes, spans_max: int, elements_max: int) -> None:
    """Refuse what holds more than it may, in time that the bounds limit and not the bytes.

    Parameters
    ----------
    body
        An ExportTraceServiceRequest; only its structure is looked at.
    spans_max
        Spans in the request.
    elements_max
        Attributes, events, links, array items and envelopes of the request together.

    Raises
    ------
    TooLarge
        More spans or elements than that.
    DecodeError
        The bytes are not protobuf.
    """
    if len(body) <= _UNSCANNED_BYTES_MAX:
        return
    _walk(body, _DOWN_TO_SPANS, spans_max, elements_max, fields_max=elements_max)
    if len(body) > elements_max * _ELEMENT_BYTES_MIN and sum(map(body.count, _ELEMENT_TAGS)) > elements_max:
        _walk(body, _EVERYTHING, spans_max, elements_max, fields_max=elements_max * _FIELDS_PER_ELEMENT)


def _walk(body: bytes, root: _Message, spans_max: int, elements_max: int, fields_max: int) -> None:
    spans = elements = visited = 0
    pending = [(root.children, 0, len(body))]
    while pending:
        children, message_start, message_end = pending.pop()
        for tag, start, end in fields(body, message_start, message_end):
            visited += 1
            child = children.get(tag)
            if child is not None:
                spans += child.counted_as == "span"
                elements += child.counted_as == "element"
                if child.children and end > start:
                    pending.append((child.children, start, end))
            if spans > spans_max:
                raise TooLarge(f"the request holds more than {spans_max} spans")
            if elements > elements_max or visited > fields_max:
                raise TooLarge(f"the request holds more than {elements_max} attributes, events and links")
