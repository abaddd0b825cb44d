"""A user's traces are erased by the command, the core is killed meanwhile, no archive brings them back."""

import json
import os
import shutil
import signal
import subprocess
from pathlib import Path

import httpx
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from collector.loader.archive import archived_files
from tests.doldrums.command import COMMAND
from tests.service import Service, until

SHARED = {"role": "system", "content": "be kind " * 200}


def send(service: Service, user: str) -> str:
    """Send a user's conversation; return its trace."""
    traces = TracerProvider()
    traces.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(f"{service.url('otlp_http')}/v1/traces")))
    tracer = traces.get_tracer("tests")
    with tracer.start_as_current_span("workflow", attributes={"user.id": user}) as root:
        said = [SHARED, {"role": "user", "content": f"{user} says " * 200}]
        with tracer.start_as_current_span("chat", attributes={"gen_ai.input.messages": json.dumps(said)}):
            pass
    traces.shutdown()
    return f"{root.get_span_context().trace_id:032x}"


def doldrums(service: Service, *arguments: str) -> str:
    done = subprocess.run(
        [COMMAND, *arguments],
        env={**os.environ, "DOLDRUMS_DATA_DIR": str(service.folder)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr


def listed(service: Service) -> set[str]:
    try:
        return {trace["trace_id"] for trace in service.get("/traces")["items"]}
    except (httpx.HTTPError, OSError, KeyError):  # the core was killed and starts again
        return set()


def test_an_erased_user_stays_erased(tmp_path: Path) -> None:
    with Service(tmp_path) as service:
        anna = send(service, "anna")
        until(lambda: anna in listed(service), 60)
        bert = send(service, "bert")
        until(lambda: bert in listed(service), 60)
        (before,) = [span for span in service.get(f"/traces/{bert}")["spans"] if span["name"] == "chat"]
        whole = service.get(f"/traces/{bert}/spans/{before['span_id']}")["attributes"]
        until(lambda: archived_files(tmp_path / "journal" / "archive"), 60)
        copies = tmp_path / "copies"
        shutil.copytree(tmp_path / "journal" / "archive", copies)

        assert "in project default: 1 (" in doldrums(service, "erase", "--user", "anna", "--dry-run")
        assert anna in listed(service)
        assert "has begun" in doldrums(service, "erase", "--user", "anna", "--yes")
        os.kill(service.pids["core"], signal.SIGKILL)

        until(lambda: listed(service) == {bert}, 120)
        for file in copies.iterdir():
            shutil.copy(file, tmp_path / "journal" / "archive" / file.name)
        assert "were erased" in doldrums(service, "journal", "replay")
        assert listed(service) == {bert}
        assert service.stats()["spans"]["stored"] == 2
        assert service.get(f"/traces/{bert}/spans/{before['span_id']}")["attributes"] == whole
        assert "anna" not in doldrums(service, "erase", "--list")
