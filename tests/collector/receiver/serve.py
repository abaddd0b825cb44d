"""A receiver as a process: `serve.py DATA_DIR LIMITS_AS_JSON [with_keys]`; says its ports when it serves."""

import json
import os
import resource
import signal
import sys
import threading
from dataclasses import fields
from pathlib import Path
from typing import Any

import structlog

from collector.journal.segment import Folders
from collector.keys.key_file import FILE_NAME, KeyFile
from collector.receiver.limits import Limits
from collector.receiver.server import Receiver
from collector.receiver.transport import Transport

TRANSPORT = {field.name for field in fields(Transport)}


def _typed(name: str, value: Any) -> Any:
    return Path(value) if name.endswith("_file") else value


def announce(receiver: Receiver) -> None:
    receiver.started.wait()
    print(json.dumps({"http": receiver.http_port, "grpc": receiver.grpc_port}), flush=True)


def main(data_dir: str, limits: str, with_keys: str = "") -> None:
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    if file_bytes_max := os.environ.get("FILE_BYTES_MAX"):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(file_bytes_max), resource.RLIM_INFINITY))
    if user := os.environ.get("RUN_AS_USER"):
        os.setuid(int(user))
    given = json.loads(limits)
    transport = Transport(**{name: _typed(name, given.pop(name)) for name in TRANSPORT & given.keys()})
    receiver = Receiver(
        "127.0.0.1:0",
        "127.0.0.1:0",
        Folders(Path(data_dir)),
        Limits(**given),
        keys=KeyFile(Path(data_dir) / FILE_NAME) if with_keys else None,
        transport=transport,
        dashboard_url="http://dashboard.example",
    )
    signal.signal(signal.SIGTERM, lambda *_: receiver.stop())
    threading.Thread(target=announce, args=(receiver,), daemon=True).start()
    receiver.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
