import json
import re
import shutil
import signal
import time
from pathlib import Path

import pytest
from google.protobuf import json_format
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTracePartialSuccess,
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.doldrums.command import COMMAND, doldrums, started
from tests.doldrums.endpoint import Answer, listening
from tests.waiting import eventually

CAPTURES = Path(__file__).parents[1] / "captures" / "requests"
JSON_REQUEST = CAPTURES / "vercel-ai_json" / "001.traces.json"
NANOSECONDS = 10**9


def request(*times_s: tuple[int, int]) -> ExportTraceServiceRequest:
    """Return a request with a span for each start and end; an end of 0 is an open span."""
    message = ExportTraceServiceRequest()
    spans = message.resource_spans.add().scope_spans.add().spans
    for number, (start_s, end_s) in enumerate(times_s, start=1):
        span = spans.add(trace_id=bytes([7]) * 16, span_id=bytes([number]) * 8, name=f"span {number}")
        span.start_time_unix_nano = start_s * NANOSECONDS
        span.end_time_unix_nano = end_s * NANOSECONDS
        span.events.add(name="moment", time_unix_nano=start_s * NANOSECONDS)
    return message


def write(path: Path, message: ExportTraceServiceRequest) -> Path:
    path.write_bytes(message.SerializeToString())
    return path


def test_protobuf_arrives_as_it_was(tmp_path: Path) -> None:
    message = request((1, 2), (3, 0))
    with listening() as endpoint:
        ran = doldrums("replay", write(tmp_path / "a.pb", message), "--endpoint", endpoint.url, cwd=tmp_path)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == f"Sent 2 spans in 1 request to {endpoint.url}/v1/traces; 0 rejected.\n"
    assert endpoint.requests == [message]
    assert endpoint.paths == ["/v1/traces"]


def test_json_arrives_with_its_hexadecimal_ids(tmp_path: Path) -> None:
    with listening() as endpoint:
        ran = doldrums("replay", JSON_REQUEST, "--endpoint", endpoint.url, cwd=tmp_path)

    wanted = json.loads(JSON_REQUEST.read_text())["resourceSpans"][0]["scopeSpans"][0]["spans"]
    assert ran.returncode == 0
    assert [span.span_id.hex() for span in endpoint.spans] == [span["spanId"] for span in wanted]
    assert [span.start_time_unix_nano for span in endpoint.spans] == [
        int(span["startTimeUnixNano"]) for span in wanted
    ]


@pytest.mark.parametrize("name", ["exported.jsonl", "exported.json"])
def test_lines_as_the_collectors_file_exporter_writes_them(tmp_path: Path, name: str) -> None:
    line = json.dumps(json.loads(JSON_REQUEST.read_text()))
    (tmp_path / name).write_text(f'{line}\n{{"resourceMetrics": []}}\n\n{line}\n')

    with listening() as endpoint:
        ran = doldrums("replay", name, "--endpoint", endpoint.url, cwd=tmp_path)

    assert ran.returncode == 0
    assert len(endpoint.requests) == 2


def test_json_over_many_lines_is_one_request(tmp_path: Path) -> None:
    (tmp_path / "pretty.json").write_text(json.dumps(json.loads(JSON_REQUEST.read_text()), indent=1))

    with listening() as endpoint:
        doldrums("replay", "pretty.json", "--endpoint", endpoint.url, cwd=tmp_path)

    assert len(endpoint.requests) == 1


def test_a_folder_is_sent_in_order_and_each_request_once(tmp_path: Path) -> None:
    folder = tmp_path / "captured"
    folder.mkdir()
    for number in (2, 1, 3):
        write(folder / f"00{number}.traces.pb", request((number, number)))
        text = json_format.MessageToJson(request((number, number)))
        (folder / f"00{number}.traces.json").write_text(text)
    shutil.copy(JSON_REQUEST, folder / "004.traces.json")
    (folder / "005.logs.pb").write_bytes(b"not traces")
    (folder / "index.json").write_text('{"requests": []}')
    (folder / "README.md").write_text("not traces")

    with listening() as endpoint:
        ran = doldrums("replay", folder, "--endpoint", endpoint.url, cwd=tmp_path)

    assert (ran.returncode, ran.stderr) == (0, "")
    assert [span.start_time_unix_nano // NANOSECONDS for span in endpoint.spans[:3]] == [1, 2, 3]
    assert len(endpoint.requests) == 4


def test_now_moves_all_times_by_the_same_so_that_the_newest_span_ends_now(tmp_path: Path) -> None:
    first = write(tmp_path / "a.pb", request((1_000, 1_900), (1_100, 0)))
    second = write(tmp_path / "b.pb", request((1_500, 1_600)))
    before = time.time_ns()

    with listening() as endpoint:
        doldrums("replay", first, second, "--now", "--endpoint", endpoint.url, cwd=tmp_path)

    newest, opened, last = endpoint.spans
    assert before < newest.end_time_unix_nano < time.time_ns()
    moved = newest.end_time_unix_nano - 1_900 * NANOSECONDS
    assert newest.start_time_unix_nano - moved == 1_000 * NANOSECONDS
    assert newest.events[0].time_unix_nano - moved == 1_000 * NANOSECONDS
    assert (opened.start_time_unix_nano - moved, opened.end_time_unix_nano) == (1_100 * NANOSECONDS, 0)
    assert last.end_time_unix_nano - moved == 1_600 * NANOSECONDS


def test_a_time_after_the_end_of_time_moves_nothing(tmp_path: Path) -> None:
    message = request((1_000, 1_900), (1, 1))
    message.resource_spans[0].scope_spans[0].spans[1].end_time_unix_nano = 2**64 - 1
    before = time.time_ns()

    with listening() as endpoint:
        doldrums(
            "replay", write(tmp_path / "a.pb", message), "--now", "--endpoint", endpoint.url, cwd=tmp_path
        )

    assert before < endpoint.spans[0].end_time_unix_nano < time.time_ns()


def test_what_is_no_request_is_named_by_file_and_line_and_the_rest_is_sent(tmp_path: Path) -> None:
    line = json.dumps(json.loads(JSON_REQUEST.read_text()))
    (tmp_path / "lines.jsonl").write_text(f'{line}\n{{"resourceSpans": [\n{line}\n')
    (tmp_path / "broken.pb").write_bytes(b"\xff\xff")
    (tmp_path / "other.json").write_text('{"hello": 1}')
    good = write(tmp_path / "good.pb", request((1, 2)))

    with listening() as endpoint:
        ran = doldrums(
            *("replay", "lines.jsonl", "broken.pb", "other.json", good),
            *("--now", "--endpoint", endpoint.url),
            cwd=tmp_path,
        )

    assert ran.returncode == 1
    complaints = ran.stderr.splitlines()
    assert [complaint.partition(": ")[0] for complaint in complaints] == [
        *("lines.jsonl, line 2", "broken.pb", "other.json, line 1")
    ]
    assert "Traceback" not in ran.stderr
    assert ran.stdout.endswith("0 rejected; 3 unreadable.\n")
    assert len(endpoint.requests) == 3


def test_an_endpoint_that_is_full_is_asked_again_when_it_says(tmp_path: Path) -> None:
    with listening((503, {"Retry-After": "1"}, b""), (503, {"Retry-After": "1"}, b"")) as endpoint:
        began = time.monotonic()
        ran = doldrums(
            "replay", write(tmp_path / "a.pb", request((1, 2))), "--endpoint", endpoint.url, cwd=tmp_path
        )

    assert ran.returncode == 0
    assert ran.stderr == f"{endpoint.url}/v1/traces answered 503; trying again for 300 s.\n"
    assert time.monotonic() - began > 2
    assert len(endpoint.paths) == 3


def test_rejected_spans_are_counted_and_the_reason_is_said(tmp_path: Path) -> None:
    partial = ExportTraceServiceResponse(
        partial_success=ExportTracePartialSuccess(rejected_spans=1, error_message="an id is all zero")
    )
    refused: Answer = (400, {}, b"the parser gave up")
    with listening((200, {}, partial.SerializeToString()), refused) as endpoint:
        first = write(tmp_path / "a.pb", request((1, 2), (3, 4)))
        second = write(tmp_path / "b.pb", request((1, 2)))
        ran = doldrums("replay", first, second, "--endpoint", f"{endpoint.url}/", cwd=tmp_path)

    assert ran.returncode == 1
    assert "a.pb: 1 span rejected: an id is all zero" in ran.stderr
    assert "b.pb: 1 span rejected: answered 400 the parser gave up" in ran.stderr
    assert ran.stdout == f"Sent 1 span in 2 requests to {endpoint.url}/v1/traces; 2 rejected.\n"


def test_a_wrong_file_does_not_fill_the_screen(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text("no JSON\n" * 500)
    with listening() as endpoint:
        ran = doldrums("replay", "log.jsonl", "--endpoint", endpoint.url, cwd=tmp_path)

    assert ran.returncode == 1
    assert len(ran.stderr.splitlines()) == 21
    assert ran.stderr.endswith("There is more like this, which is counted only.\n")
    assert ran.stdout.endswith("500 unreadable.\n")


def test_who_stops_it_is_told_what_was_sent_before(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{number:03}.pb", request((1, 2))) for number in range(200)]
    command = [COMMAND, "replay", *files, "--rate", "1", "--endpoint"]
    with listening() as endpoint, started([*command, endpoint.url], tmp_path / "data") as ran:
        # who sends a second request has read the answer to the first
        eventually(lambda: len(endpoint.spans) >= 2)

        assert ran.end(signal.SIGINT) == 130

    sent = re.fullmatch(
        rf"Sent (\d+) spans? in \1 requests? to {endpoint.url}/v1/traces; 0 rejected.\n", ran.output
    )
    assert sent
    assert 1 <= int(sent[1]) <= len(endpoint.spans)
    assert "Traceback" not in ran.errors


def test_a_rate_is_kept(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{number}.pb", request((1, 2), (1, 2))) for number in range(4)]
    with listening() as endpoint:
        began = time.monotonic()
        doldrums("replay", *files, "--rate", "4", "--endpoint", endpoint.url, cwd=tmp_path)

    assert time.monotonic() - began > 1.5
    assert len(endpoint.spans) == 8


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["absent.pb"], "There is no file absent.pb."),
        (["empty"], "There is no OTLP file in empty."),
        (["notes.txt"], "notes.txt is not an OTLP file: its name should end in .pb, .json, .jsonl."),
        (["a.pb", "--endpoint", "localhost:4318"], "write it as http://127.0.0.1:4318"),
        (
            ["a.pb", "--endpoint", "http://127.0.0.1:9"],
            "No OTLP endpoint answers at http://127.0.0.1:9/v1/traces",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path: Path, arguments: list[str], words: str) -> None:
    (tmp_path / "notes.txt").touch()
    (tmp_path / "empty").mkdir()
    write(tmp_path / "a.pb", request((1, 2)))

    ran = doldrums("replay", *arguments, cwd=tmp_path)

    assert ran.returncode == 2
    assert words in ran.stderr
    assert ran.stderr.count("\n") == 1
