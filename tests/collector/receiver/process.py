"""Starting a real receiver, talking to it, and reading what it stored."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import grpc
import httpx
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from collector.journal.record import records
from collector.journal.segment import Folders, segments
from collector.otlp.signal import Signal
from collector.receiver.snapshot import FILE_NAME, Snapshot, read_snapshot
from tests.collector.otlp.builders import names
from tests.service import until

PROTOBUF, JSON = "application/x-protobuf", "application/json"

_SERVE = Path(__file__).with_name("serve.py")
EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"


class ReceiverProcess:
    """One receiver, by its pid, its ports and its folders."""

    def __init__(self, process: "subprocess.Popen[str]", data_dir: Path) -> None:
        self.process = process
        self.folders = Folders(data_dir)
        assert process.stdout is not None
        ports = json.loads(process.stdout.readline())
        self.http_place = ("127.0.0.1", ports["http"])
        self.url = f"http://127.0.0.1:{ports['http']}"
        self.grpc_address = f"127.0.0.1:{ports['grpc']}"
        self.http = httpx.Client(base_url=self.url, timeout=60, verify=False)
        self.channel = grpc.insecure_channel(
            self.grpc_address, options=[("grpc.max_send_message_length", -1)]
        )

    def post(self, content: Any, content_type: str = PROTOBUF, **headers: str) -> httpx.Response:
        sent = {"content-type": content_type} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        return self.http.post("/v1/traces", content=content, headers=sent)

    def export(self, body: bytes, compression: grpc.Compression | None = None) -> ExportTraceServiceResponse:
        call = self.channel.unary_unary(EXPORT, response_deserializer=ExportTraceServiceResponse.FromString)
        response: ExportTraceServiceResponse = call(body, timeout=60, compression=compression)
        return response

    @property
    def stored(self) -> list[str]:
        """Names of the spans in the journal, in the order received."""
        return stored_names(self.folders)

    @property
    def requests(self) -> list[ExportTraceServiceRequest]:
        """What is in the journal, in the order received; of a receiver that seals no segment."""
        contents = [(self.folders.open / each.file_name).read_bytes() for each in segments(self.folders.open)]
        return [
            ExportTraceServiceRequest.FromString(record.body)
            for content in contents
            for record in records(content)
        ]

    @property
    def snapshot(self) -> Snapshot:
        """What it last published; the first is there a moment after the receiver is."""
        path = self.folders.data_dir / FILE_NAME
        until(path.exists, 30)
        snapshot = read_snapshot(path)
        assert snapshot is not None
        return snapshot

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=25)  # less than it waits for the rest of a body

    def close(self) -> None:
        self.http.close()
        self.channel.close()
        self.process.kill()
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


@contextmanager
def receiver_in(
    data_dir: Path,
    file_bytes_max: int | None = None,
    user: int | None = None,
    *,
    with_keys: bool = False,
    **limits: Any,
) -> Iterator[ReceiverProcess]:
    """A receiver that does not mind how full this machine's disk is, nor who sends, but `with_keys`."""
    settings = {"free_bytes_min": 0, "free_ratio_min": 0.0} | limits
    environment = dict(os.environ)
    if file_bytes_max is not None:
        environment["FILE_BYTES_MAX"] = str(file_bytes_max)
    if user is not None:
        environment["RUN_AS_USER"] = str(user)
    command = [sys.executable, str(_SERVE), str(data_dir), json.dumps(settings)]
    command += ["with_keys"] if with_keys else []
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    receiver = ReceiverProcess(process, data_dir)
    try:
        yield receiver
    finally:
        receiver.close()


def stored_names(folders: Folders) -> list[str]:
    found: dict[str, list[str]] = {}
    for folder in (folders.open, folders.sealed):
        for segment in segments(folder):
            if segment.signal is not Signal.TRACES:
                continue
            with suppress(FileNotFoundError):  # sealed since it was listed
                found[segment.id] = _names_in(folder / segment.file_name)
    return [name for identifier in sorted(found) for name in found[identifier]]


def _names_in(path: Path) -> list[str]:
    bodies = [record.body for record in records(path.read_bytes())]
    return [name for body in bodies for name in names(ExportTraceServiceRequest.FromString(body))]
