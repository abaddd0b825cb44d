"""DATA_DIR/run.json: where the running service listens, and as which processes."""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FILE_NAME = "run.json"
# setting -> the name in run.json
PUBLISHED = {
    "otlp_grpc_address": "otlp_grpc",
    "otlp_http_address": "otlp_http",
    "api_address": "api",
    "dashboard_address": "dashboard",
}


class RunFile:
    """Written when the service is ready and when a process is replaced; gone after a clean stop."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME

    def write(self, addresses: Mapping[str, str], pids: Mapping[str, int]) -> None:
        """Replace the file in one step: a reader sees the old one or the new one."""
        new = self._path.with_suffix(".new")
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(file, "w", encoding="utf-8") as stream:  # noqa: PTH123 - the descriptor carries the mode
            json.dump({**addresses, "pids": dict(pids)}, stream)
        new.replace(self._path)

    def read(self) -> dict[str, Any]:
        """Return what it says; nothing when there is no file, or not ours."""
        with contextlib.suppress(OSError, ValueError):
            content = json.loads(self._path.read_text(encoding="utf-8"))
            return content if isinstance(content, dict) else {}
        return {}

    def remove(self) -> None:
        """Say that nothing runs here any more."""
        self._path.unlink(missing_ok=True)
