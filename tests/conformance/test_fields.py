"""Fields of spans on their way into the journal and the store."""

from pathlib import Path

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span, Status

from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.store.store import Store
from tests.builders import SECOND, pairs, request, span
from tests.collector.otlp.builders import names, span_with
from tests.collector.receiver.process import ReceiverProcess
from tests.segments import seal

# W3C's sampled flag, and that the parent is known to be remote
FLAGS = 0x301


def full_span() -> Span:
    """A span with every field that OTLP has."""
    whole = span("full", {"key": ["value", 1, None]}, parent=b"\x01" * 8, error="broken")
    whole.trace_state, whole.flags = "vendor=1,other=2", FLAGS
    whole.dropped_attributes_count, whole.dropped_events_count, whole.dropped_links_count = 1, 2, 3
    whole.events.append(
        Span.Event(time_unix_nano=5, name="event", attributes=pairs({"a": 1}), dropped_attributes_count=4)
    )
    whole.links.append(
        Span.Link(
            trace_id=b"\x02" * 16,
            span_id=b"\x03" * 8,
            trace_state="linked=1",
            attributes=pairs({"b": 2}),
            dropped_attributes_count=5,
            flags=FLAGS,
        )
    )
    return whole


def of_two_services() -> ExportTraceServiceRequest:
    """A request as a collector batches it: two resources with two scopes each."""
    parts = list[ResourceSpans]()
    for service in ("shop", "stock"):
        (part,) = request(full_span(), resource={"service.name": service}).resource_spans
        part.schema_url = part.scope_spans[0].schema_url = "https://opentelemetry.io/schemas/1.37.0"
        (other,) = request(span(f"other scope of {service}"), scope="other").resource_spans[0].scope_spans
        part.scope_spans.append(other)
        part.resource.dropped_attributes_count = 6
        parts.append(part)
    return ExportTraceServiceRequest(resource_spans=parts)


@pytest.mark.otlp(9, 43, 45)
@pytest.mark.parametrize("transport", ["http", "grpc"])
def test_every_field_of_several_services_is_in_the_journal_as_it_was_sent(
    receiver: ReceiverProcess, transport: str
) -> None:
    sent = of_two_services()
    content = sent.SerializeToString()

    if transport == "http":
        assert (receiver.post(content).status_code, receiver.post(content).content) == (200, b"")
    else:
        assert not receiver.export(content).HasField("partial_success")

    assert receiver.requests[-1] == sent


@pytest.mark.otlp(42, 44)
def test_a_span_without_duration_name_or_kind_is_taken(receiver: ReceiverProcess) -> None:
    plain = span_with(name="", kind=Span.SPAN_KIND_UNSPECIFIED)
    plain.end_time_unix_nano = plain.start_time_unix_nano
    statuses = [
        span(error="why") if code == Status.STATUS_CODE_ERROR else span_with(status=Status(code=code))
        for code in (Status.STATUS_CODE_UNSET, Status.STATUS_CODE_OK, Status.STATUS_CODE_ERROR)
    ]

    response = receiver.post(request(plain, *statuses).SerializeToString())

    assert (response.status_code, response.content) == (200, b"")
    assert names(receiver.requests[-1]) == ["", "work", "work", "work"]


@pytest.mark.otlp(9, 42, 43, 44, 45)
def test_the_store_has_them(store: Store, tmp_path: Path) -> None:
    folders = Folders(tmp_path)
    moment = span_with(name="", kind=Span.SPAN_KIND_UNSPECIFIED, start_time_unix_nano=5 * SECOND)
    moment.end_time_unix_nano = moment.start_time_unix_nano
    segment = seal(folders, [of_two_services().SerializeToString(), request(moment).SerializeToString()])
    reader = SegmentReader(store, Cuts(attributes_max=100, value_bytes_max=1000))

    Loader(store, reader, folders, Quarantine(reader, folders)).load([segment])

    full = store.query("SELECT * FROM spans WHERE name = 'full' ORDER BY service")
    assert [row["service"] for row in full] == ["shop", "stock"]
    assert [(row["flags"], row["trace_state"]) for row in full] == [(FLAGS, "vendor=1,other=2")] * 2
    assert [(row["event_names"], row["link_attributes"]) for row in full] == [(["event"], [{"b": "2"}])] * 2
    (instant,) = store.query(
        "SELECT name, span_kind, open, start = end AS instant FROM spans WHERE name = ''"
    )
    assert instant == {"name": "", "span_kind": 0, "open": False, "instant": True}
