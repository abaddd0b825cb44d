"""The model: OpenAI's chat completions on loopback, which says what a script says, streamed too.

Every run of an agent has a base URL of its own, so the script stands in no prompt, and two runs
that are alike send the same texts.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Self

from bench.detectors.agent import Call, Refuse, Say, Stall, Step

MODEL = "scripted-1"


class _Script:
    """Steps of one run; the last repeats. An agent asks for one at a time."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._steps = steps
        self._numbers = count()

    def next(self) -> Step:
        return self._steps[min(next(self._numbers), len(self._steps) - 1)]


class ModelServer:
    """Serves scripts while it is entered."""

    def __init__(self) -> None:
        self._scripts: dict[str, _Script] = {}
        self._numbers = count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._scripts))
        self._server.daemon_threads = True
        # fan-out asks all at once
        self._server.socket.listen(512)

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()

    def script(self, steps: Sequence[Step]) -> str:
        """Return the base URL at which a client of OpenAI is answered by these steps."""
        name = str(next(self._numbers))
        self._scripts[name] = _Script(steps)
        return f"http://127.0.0.1:{self._server.server_port}/{name}/v1"


def _handler(scripts: dict[str, _Script]) -> type[BaseHTTPRequestHandler]:
    numbers = count(1)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            step = scripts[self.path.split("/")[1]].next()
            if isinstance(step, Refuse):
                refused = {"error": {"message": step.why, "type": "invalid_request_error", "code": None}}
                self._answer("application/json", [json.dumps(refused).encode()], step, status=400)
                return
            completion = _completion(step.answer if isinstance(step, Stall) else step, next(numbers))
            if request.get("stream"):
                parts = [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in _chunks(completion)]
                self._answer("text/event-stream", [*parts, b"data: [DONE]\n\n"], step)
            else:
                body = json.dumps(completion).encode()
                self._answer("application/json", [body[:40], body[40:]], step)

        def _answer(self, content_type: str, parts: Sequence[bytes], step: Step, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(sum(map(len, parts))))
            self.end_headers()
            for number, part in enumerate(parts):
                if number == 1 and isinstance(step, Stall):
                    self.wfile.flush()
                    step.wait()
                self.wfile.write(part)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _completion(step: Say | Call, number: int) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": step.text if isinstance(step, Say) else None}
    if isinstance(step, Call):
        message["tool_calls"] = [
            {
                "id": f"call_{number}_{turn}",
                "type": "function",
                "function": {"name": step.tool, "arguments": json.dumps({"query": query})},
            }
            for turn, query in enumerate(step.queries)
        ]
    reason = "stop" if isinstance(step, Say) else "tool_calls"
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 1767225600,
        "model": MODEL,
        "choices": [{"index": 0, "message": message, "finish_reason": reason}],
        "usage": {"prompt_tokens": 60, "completion_tokens": 9, "total_tokens": 69},
    }


def _chunks(completion: dict[str, Any]) -> Iterator[dict[str, Any]]:
    (choice,) = completion["choices"]
    delta = choice["message"]
    for index, call in enumerate(delta.get("tool_calls", ())):
        call["index"] = index
    part = completion | {"object": "chat.completion.chunk", "usage": None}
    yield part | {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    yield part | {"choices": [{"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}]}
    yield part | {"choices": [], "usage": completion["usage"]}
