"""What came of a request, and whether it may."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from google.rpc.status_pb2 import Status
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceResponse

from collector.otlp.signal import Signal
from tests.fuzz.asked import Asked

CPU_S_MAX = 1.0
_ANSWER_BYTES_MAX = 64 * 1024

# 503 and UNAVAILABLE are not among them: one request at a time, and a journal that takes all, are no
# reason for either, and what the receiver did not expect is answered so.
_MAY_BE = {
    "http": {"200", "400", "413"},
    "grpc": {"OK", "INVALID_ARGUMENT", "RESOURCE_EXHAUSTED"},
    "raw": {"100", "200", "400", "404", "405", "413", "415", "431", "no answer"},
}


@dataclass(frozen=True)
class Written:
    """What would be in the journal."""

    signal: Signal
    body: bytes
    items: int


@dataclass(frozen=True)
class Answer:
    """Statuses by name or number: of raw bytes, that may be several requests or none."""

    statuses: Sequence[str]
    body: bytes
    cpu_s: float
    written: Sequence[Written] = field(default=())

    def check(self, request: Asked) -> None:
        """Raise AssertionError where it is not what a client may be told."""
        unexpected = set(self.statuses) - _MAY_BE[request.transport]
        assert not unexpected, f"{request.kind}: answered {unexpected}"
        assert self.cpu_s <= CPU_S_MAX, f"{request.kind}: took {self.cpu_s:.2f} s of CPU"
        assert len(self.body) <= _ANSWER_BYTES_MAX
        if request.transport == "raw":
            return
        sound = self.statuses[0] in {"200", "OK"}
        if request.encoding == "json":
            assert isinstance(json.loads(self.body), dict)
        elif sound:
            ExportTraceServiceResponse.FromString(self.body)
        elif request.transport == "http":
            assert Status.FromString(self.body).message
