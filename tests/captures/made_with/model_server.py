"""A scripted stand-in for OpenAI's API on loopback: chat completions (streamed too) and responses.

The script stands in the system prompt: ``SCRIPT: call look_up {"id": 1}; err 429; say done``. Each
request to the same script takes the next step; the last one repeats. Tokens: chat 40 and 3 a
message, responses 50; each answer 9, of which 4 are reasoning; 16 of the prompt's are cached.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread
from typing import Any

_steps_done: Counter[str] = Counter()
_numbers = count(1)


@contextmanager
def model_server() -> Iterator[str]:
    """Yield the base URL for an OpenAI client."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        word, _, rest = _next_step(request).partition(" ")
        if word == "err":
            error = {"error": {"message": f"fake upstream error {rest}", "type": "fake", "code": None}}
            self._answer(int(rest), "application/json", json.dumps(error))
        elif self.path.endswith("/responses"):
            self._answer(200, "application/json", json.dumps(_response(request, word, rest)))
        elif request.get("stream"):
            lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in _chunks(_completion(request, word, rest))]
            self._answer(200, "text/event-stream", "".join([*lines, "data: [DONE]\n\n"]))
        else:
            self._answer(200, "application/json", json.dumps(_completion(request, word, rest)))

    def _answer(self, code: int, content_type: str, text: str) -> None:
        self.send_response(code)
        self.send_header("Content-Type", content_type)
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        pass


def _next_step(request: dict[str, Any]) -> str:
    prompt = json.dumps([request.get("instructions"), request.get("messages"), request.get("input")])
    found = re.search(r"SCRIPT: (.*?[^\\])\"", prompt)
    script = json.loads(f'"{found.group(1)}"') if found else "say no script"
    steps = [step.strip() for step in script.split(";")]
    step = steps[min(_steps_done[script], len(steps) - 1)]
    _steps_done[script] += 1
    return step


def _completion(request: dict[str, Any], word: str, rest: str) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": rest if word == "say" else None}
    number = next(_numbers)
    if word == "call":
        name, _, arguments = rest.partition(" ")
        call = {"id": f"call_{number:06}", "type": "function"}
        message["tool_calls"] = [call | {"function": {"name": name, "arguments": arguments or "{}"}}]
    tokens = 40 + 3 * len(request["messages"])
    return {
        "id": f"chatcmpl-{number:06}",
        "object": "chat.completion",
        "created": 1767225600,
        "model": f"{request['model']}-2026-01-01",
        "choices": [
            {"index": 0, "message": message, "finish_reason": "stop" if word == "say" else "tool_calls"}
        ],
        "usage": {
            "prompt_tokens": tokens,
            "completion_tokens": 9,
            "total_tokens": tokens + 9,
            "prompt_tokens_details": {"cached_tokens": 16},
            "completion_tokens_details": {"reasoning_tokens": 4},
        },
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


def _response(request: dict[str, Any], word: str, rest: str) -> dict[str, Any]:
    number = next(_numbers)
    if word == "call":
        name, _, arguments = rest.partition(" ")
        item = {
            "type": "function_call",
            "call_id": f"call_{number:06}",
            "name": name,
            "arguments": arguments or "{}",
        }
    else:
        content = [{"type": "output_text", "text": rest, "annotations": []}]
        item = {"type": "message", "role": "assistant", "content": content}
    return {
        "id": f"resp_{number:06}",
        "object": "response",
        "created_at": 1767225600,
        "status": "completed",
        "model": f"{request['model']}-2026-01-01",
        "output": [item | {"id": f"item_{number:06}", "status": "completed"}],
        "tools": request.get("tools", []),
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "top_p": 1.0,
        "usage": {
            "input_tokens": 50,
            "input_tokens_details": {"cached_tokens": 16},
            "output_tokens": 9,
            "output_tokens_details": {"reasoning_tokens": 4},
            "total_tokens": 59,
        },
    }
