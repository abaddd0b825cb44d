"""Sends payloads to a real receiver, loads what it wrote, and reads what became of each."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import json_format
from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from analytics.assembly.assembler import Assembler
from collector.conventions.table import table
from collector.journal.segment import Folders, segments
from collector.keys.key_file import FILE_NAME, write_keys
from collector.keys.keyring import Keyring
from collector.otlp.signal import Signal
from collector.receiver.grpc_services import GRPC_SERVICES
from collector.store.migrate import migrate
from collector.store.store import Store, open_store
from tests.collector.keys.made import made
from tests.collector.receiver.process import ReceiverProcess, receiver_in
from tests.ingested.dialects import unread
from tests.ingested.payload import JSON, PROTOBUF, NoPayload, Payload, Request
from tests.segments import loader_of

_SERVICES = {signal: service for service, signal in GRPC_SERVICES.items()}
_RESPONSES = {Signal.TRACES: ExportTraceServiceResponse, Signal.LOGS: ExportLogsServiceResponse}
_SQL = Path(__file__).parent


@dataclass(frozen=True)
class Produced:
    """What became of a payload.

    Attributes
    ----------
    answers
        What the receiver said: `ok`, or the code and the reason, or what was left out.
    reports, logs
        Rows stored of spans and of log records.
    steps
        The spans as assembly read them.
    keys, scopes, marks
        Names of attributes and of scopes, and marks, each with the number of reports.
    """

    answers: Counter[str]
    reports: int
    logs: int
    steps: list[dict[str, Any]]
    keys: Counter[str]
    scopes: Counter[str]
    marks: Counter[str]

    @property
    def kinds(self) -> Counter[str]:
        """Spans by kind."""
        return Counter(step["kind"] for step in self.steps)

    def names(self, field: str) -> list[str]:
        """Values of a field, each once."""
        return sorted({step[field] for step in self.steps} - {""})

    @property
    def models(self) -> list[str]:
        """Models of the spans that call one."""
        return sorted({step["model"] for step in self.steps if step["kind"] in ("llm", "embedding")} - {""})

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens in and out, each call counted once."""
        counted = [step for step in self.steps if step["tokens_counted"]]
        return sum(step["input_tokens"] or 0 for step in counted), sum(
            step["output_tokens"] or 0 for step in counted
        )

    @property
    def errors(self) -> int:
        """Spans in error."""
        return sum(step["status"] == "error" for step in self.steps)

    @property
    def handoffs(self) -> list[str]:
        """Who gave work to whom."""
        return sorted(
            {f"{step['agent']} → {step['handoff_to']}" for step in self.steps if step["handoff_to"]}
        )

    @property
    def unread(self) -> list[str]:
        """Attributes that look like those of agents and models, and that no row of the table reads."""
        return unread(self.keys, table())


def produce(payloads: Iterable[Payload | NoPayload], folder: Path) -> list[Produced]:
    """Send each payload as a project of its own, so that equal ids stay apart; in the order given."""
    sent = list(payloads)
    keys = [made(f"payload-{number}") for number in range(len(sent))]
    folder.mkdir(parents=True, exist_ok=True)
    write_keys(folder / FILE_NAME, Keyring([key for key, _ in keys], None))
    with receiver_in(folder, with_keys=True, segment_age_ms_max=600_000) as receiver:
        answers = [
            Counter(_send(receiver, request, text) for request in _requests(one))
            for one, (_, text) in zip(sent, keys, strict=True)
        ]
        receiver.stop()
    with _loaded(folder) as store:
        return [_read(store, key.project, said) for (key, _), said in zip(keys, answers, strict=True)]


def _requests(payload: Payload | NoPayload) -> tuple[Request, ...]:
    if isinstance(payload, Payload):
        return payload.requests
    return (Request(Signal.TRACES, JSON, payload.body),)


def _send(receiver: ReceiverProcess, request: Request, key: str) -> str:
    if request.over == "gRPC":
        return _call(receiver, request, key)
    headers = {"content-type": request.content_type, "x-api-key": key}
    answer = receiver.http.post(f"/v1/{request.signal}", content=request.body, headers=headers)
    if answer.status_code == 200:
        return _said(_response(request, answer.content))
    return f"{answer.status_code}: {_status(request, answer.content)}"


def _call(receiver: ReceiverProcess, request: Request, key: str) -> str:
    call = receiver.channel.unary_unary(f"/{_SERVICES[request.signal]}/Export")
    try:
        return _said(_response(request, call(request.body, timeout=60, metadata=[("x-api-key", key)])))
    except grpc.RpcError as error:
        return f"{error.code().name}: {error.details()}"


def _response(request: Request, body: bytes) -> Any:
    response = _RESPONSES[request.signal]()
    return json_format.Parse(body, response) if request.content_type == JSON else response.FromString(body)


def _said(response: Any) -> str:
    return str(response.partial_success.error_message) or "ok"


def _status(request: Request, body: bytes) -> str:
    if request.content_type == JSON:
        return str(json.loads(body)["message"])
    assert request.content_type == PROTOBUF
    return Status.FromString(body).message


@contextmanager
def _loaded(folder: Path) -> Iterator[Store]:
    store, folders = open_store(f"chdb://{folder / 'store'}"), Folders(folder)
    with closing(store):
        migrate(store)
        loader = loader_of(store, folders)
        for segment in segments(folders.sealed):
            loader.load([segment])
        assembler = Assembler(store)
        while assembler.run_once():
            pass
        yield store


def _read(store: Store, project: str, answers: Counter[str]) -> Produced:
    parameters = {"project": project}
    reports = store.query((_SQL / "read_reports.sql").read_text(), parameters)
    logs = store.query("SELECT count() AS logs FROM span_logs WHERE project = {project:String}", parameters)
    return Produced(
        answers=answers,
        reports=len(reports),
        logs=logs[0]["logs"],
        steps=store.query((_SQL / "read_steps.sql").read_text(), parameters),
        keys=Counter(key for report in reports for key in report["keys"]),
        scopes=Counter(report["scope_name"] for report in reports if report["scope_name"]),
        marks=Counter(mark.partition(":")[0] for report in reports for mark in report["marks"]),
    )
