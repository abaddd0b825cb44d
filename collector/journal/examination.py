"""The bytes of a segment that nobody closed, sorted into sound records, damage and a torn tail."""

import re
from dataclasses import dataclass, field

from google.protobuf.message import DecodeError as ParserRefusal

from collector.errors import CorruptRecord, TornTail
from collector.journal.record import Record, read_record
from collector.otlp.signal import Signal

# The end of a whole record. Where the last bytes of a file hold one, something was acknowledged
# there and its length is damaged; where they do not, the write was cut short.
_RECORD_END = re.compile(rb"\xd1\x3e.{8}\xcd\x3e.{4}", re.DOTALL)


@dataclass
class Examination:
    """What a segment's bytes are.

    Attributes
    ----------
    sound
        Records as they were written.
    spans
        Spans or log records in those.
    damaged
        Ranges of bytes that were written and are no record.
    torn_at
        Where a tail begins that was never acknowledged; None without one.
    """

    sound: list[Record] = field(default_factory=list)
    spans: int = 0
    damaged: list[range] = field(default_factory=list)
    torn_at: int | None = None


def examine(data: bytes, signal: Signal = Signal.TRACES) -> Examination:
    """Read records to the end, stepping over bad ones by their length while that can be believed.

    Nothing is looked for inside a bad one: what a client sent may be made to look like a record.
    """
    examination = Examination()
    offset = 0
    while offset < len(data):
        try:
            record = read_record(data, offset)
            examination.spans += _count_spans(record, signal)
            examination.sound.append(record)
            offset = record.end
        except CorruptRecord as error:
            _set_aside(examination.damaged, offset, error.end)
            offset = error.end
        except TornTail:
            if _RECORD_END.search(data, offset):
                _set_aside(examination.damaged, offset, len(data))
            else:
                examination.torn_at = offset
            break
    return examination


def _set_aside(damaged: list[range], start: int, end: int) -> None:
    if damaged and damaged[-1].stop == start:
        start = damaged.pop().start
    damaged.append(range(start, end))


def _count_spans(record: Record, signal: Signal) -> int:
    try:
        return span_count(record.body, signal)
    except ParserRefusal:
        raise CorruptRecord(record.offset, record.end) from None


def span_count(body: bytes, signal: Signal = Signal.TRACES) -> int:
    """Spans, or log records, in one request."""
    request = signal.request.FromString(body)
    if signal is Signal.LOGS:
        return sum(len(scope.log_records) for part in request.resource_logs for scope in part.scope_logs)
    return sum(len(scope.spans) for part in request.resource_spans for scope in part.scope_spans)
