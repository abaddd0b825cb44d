"""Bytes of an OTLP/protobuf request to the message they say, repaired where that is possible."""

from dataclasses import dataclass
from typing import Any

from google.protobuf.message import DecodeError as ParserRefusal

from collector.errors import DecodeError
from collector.otlp.repair import repair
from collector.otlp.signal import Signal
from collector.otlp.wire import fields, length_delimited

# the resources, of whichever signal: all that OTLP has in a request
_RESOURCES = length_delimited(1)


class NeedsMending(Exception):  # noqa: N818  no error yet
    pass


@dataclass
class Decoded:
    """A request: its bytes, the same as a message, and how many of its strings were repaired."""

    body: bytes
    request: Any
    repaired_strings: int = 0


def decode(body: bytes, signal: Signal = Signal.TRACES, *, mend: bool = True) -> Decoded:
    """Parse a request whose bounds were checked.

    What protobuf's own encoder would write passes through byte for byte. Anything else means the
    same in canonical form: ClickHouse takes a field that is given twice for an empty one, and the
    wrong branch of a `oneof`, and refuses a group (docs/decisions/0009-canonical-requests.md).
    Strings that are not UTF-8 are repaired. Fields of the request itself that OTLP does not have
    are left out, as the journal writes its own there.

    Parameters
    ----------
    mend
        Whether to walk through a body that the parser refuses: seconds, where it is large.

    Raises
    ------
    DecodeError
        Not protobuf, cut off, or nested deeper than the parser goes.
    NeedsMending
        The parser refuses it, and it was not to be mended.
    """
    try:
        decoded = Decoded(body, signal.request.FromString(body))
    except ParserRefusal:
        if not mend:
            raise NeedsMending from None
        decoded = _repaired(body, signal)
    # "partial" looks for no required fields, of which OTLP has none: 0.55 us a span instead of 1
    if decoded.request.SerializePartialToString() != decoded.body or _has_other_fields(decoded.body):
        decoded.body = canonical(decoded.request)
    return decoded


def canonical(request: Any) -> bytes:
    """Write a request without the fields that OTLP does not have, or has with another wire type."""
    request.DiscardUnknownFields()
    return bytes(request.SerializePartialToString())


def _has_other_fields(body: bytes) -> bool:
    """Whether the request has fields that OTLP does not know: the first is enough, there may be millions."""
    try:
        return any(tag != _RESOURCES for tag, _, _ in fields(body, 0, len(body)))
    except DecodeError:  # a group
        return True


def _repaired(body: bytes, signal: Signal) -> Decoded:
    try:
        body, repaired_strings = repair(body, signal)
        return Decoded(body, signal.request.FromString(body), repaired_strings)
    except ParserRefusal as error:
        raise DecodeError(f"not an {signal.request.DESCRIPTOR.name}: {error}") from error
