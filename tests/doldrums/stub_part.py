"""Parts for the supervisor's tests: they answer, refuse, hang or crash, by their name."""

import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from doldrums import child
from doldrums.errors import UserError
from doldrums.settings import Settings
from doldrums.stopping import told_to_stop


class Ready(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def run(settings: Settings) -> None:
    name = sys.argv[1]
    if name == "refusing":
        raise UserError("The moon is in the wrong phase: wait a week.")
    if name == "crashing" and not (settings.data_dir / "crashed").exists():
        (settings.data_dir / "crashed").touch()
        raise RuntimeError("on purpose")
    stop = told_to_stop()
    if name == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if name != "client":
        server = HTTPServer(("127.0.0.1", int(sys.argv[2])), Ready)
        server.timeout = 0.05
        while not stop.is_set() or name == "stubborn":
            server.handle_request()
    (settings.data_dir / f"{name}-listens").touch()
    stop.wait()
    with (settings.data_dir / "stopped").open("a") as file:
        file.write(f"{name}\n")


if __name__ == "__main__":
    child.PARTS[sys.argv[1]] = "tests.doldrums.stub_part"
    sys.exit(child.run_child(sys.argv[1]))
