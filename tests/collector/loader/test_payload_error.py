"""What a tool's answer says of its own failure is stored beside it, whatever the status."""

import json
from collections.abc import Sequence

import pytest

from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.store.store import Store
from tests.builders import request, span
from tests.segments import seal

FAILED = {
    "MCP": ('{"content": [{"type": "text", "text": "no such file"}], "isError": true}', '"isError": true'),
    "MCP's content alone": ('[{"type": "text", "text": "Error: no such file"}]', "Error: no such file"),
    "Google ADK": (
        '{"status": "error", "error_message": "billing db timeout"}',
        '"status": "error"',
    ),
    "LangChain by OpenInference": (
        '{"type": "tool", "data": {"content": "rows follow", "artifact": null, "status": "error"}}',
        '"status": "error"',
    ),
    "LangChain by OpenLLMetry": (
        '{"output": {"lc": 1, "id": ["ToolMessage"], "kwargs": {"content": "Error: vector db is busy"}}}',
        "Error: vector db is busy",
    ),
    "LangGraph": (
        "Error executing tool search: timed out\n Please fix your mistakes.",
        "Error executing tool search: timed out",
    ),
    "OpenAI Agents": (
        "An error occurred while running the tool. Please try again.",
        "An error occurred while running the tool",
    ),
    "AutoGen": ("exitcode: 1 (execution failed)\nCode output: none", "exitcode: 1"),
    "a traceback": (
        'Traceback (most recent call last):\n  File "a.py"\n    g()\njson.JSONDecodeError: Extra data',
        "json.JSONDecodeError: Extra data",
    ),
    "an exception": ("requests.exceptions.HTTPError: 503 Server Error", "requests.exceptions.HTTPError: 503"),
    "HTTP": ("HTTP/1.1 503 Service Unavailable\r\nServer: a", "HTTP/1.1 503 Service Unavailable"),
    "HTTP alone": ("HTTP 404", "HTTP 404"),
    "a member": ('{"error": "card declined", "id": 3}', '"error": "card declined'),
    "an object": ('{"data": [1, 2], "error": {"code": 12}}', '"error": {"code": 12'),
    "a member of Python": ("{'id': 3, 'error': 'card declined'}", "'error': 'card declined'"),
    "a status": ('{\n  "status_code": 502,\n  "body": {}\n}', '"status_code": 502'),
    "an exit code": ('{"stdout": "", "stderr": "no", "exit_code": 2}', '"exit_code": 2'),
    "a problem": ('{"type": "about:blank", "title": "Gone", "status": 410}', '"status": 410'),
    "no success": ('{"success": false}', '"success": false'),
}
FINE = {
    "no error": '{"error": null, "isError": false, "status": 200, "exit_code": 0, "success": true}',
    "an empty error": '{"error": "", "rows": 3}',
    "an error that is none": '{"error": "None", "rows": 3}',
    "no error in words": '{"rows": 3, "error": "No errors."}',
    "the status of an order": '{"order_id": 12, "status": 500, "customer": "A"}',
    "whether something is in order": '{"items": [1, 2], "ok": false}',
    "a rate": '{"error": 0.03, "errors": ["line 3: unused name"]}',
    "what a document says": "Error handling: a guide. HTTP 404 means that nothing is there.",
    "a log": "12:01 started\n12:02 Error: out of memory\nTraceback (most recent call last):",
    "what a document quotes": json.dumps({"text": '{"error": "card declined", "isError": true}'}),
    "what is nested": '{"pages": [{"error": "card declined", "status": 404}], "n": 1}',
    "another status": '{"status": "failed", "order": 404}',
    "a number": "404 Main Street",
    "words": "I could not find an exit code for this.",
}
EMPTY = {
    "a list": "[]",
    "null": "null",
    "a member": '{"result": null}',
    "rows": '{ "results" : [ ] }',
}


KEY = "gen_ai.tool.call.result"


def stored(
    loader: Loader, folders: Folders, store: Store, answers: Sequence[str], operation: str = "execute_tool"
) -> list[str]:
    """Return what is stored of tools that gave these answers."""
    spans = [
        span(f"{number}", {"gen_ai.operation.name": operation, KEY: answer})
        for number, answer in enumerate(answers)
    ]
    loader.load([seal(folders, [request(*spans).SerializeToString()])])
    rows = store.query("SELECT name, payload_error FROM spans")
    said = {int(row["name"]): row["payload_error"] for row in rows}
    return [said[number] for number in range(len(answers))]


def test_what_an_answer_says_of_its_failure(store: Store, folders: Folders, loader: Loader) -> None:
    said = stored(loader, folders, store, [answer for answer, _ in FAILED.values()])

    wanted = {name: words for name, (_, words) in FAILED.items()}
    assert {name: one[: len(wanted[name])] for name, one in zip(FAILED, said, strict=True)} == wanted


def test_what_an_answer_says_of_other_failures(store: Store, folders: Folders, loader: Loader) -> None:
    said = stored(loader, folders, store, list(FINE.values()))

    assert dict(zip(FINE, said, strict=True)) == dict.fromkeys(FINE, "")


def test_an_answer_with_nothing_in_it(store: Store, folders: Folders, loader: Loader) -> None:
    assert stored(loader, folders, store, list(EMPTY.values())) == ["empty"] * len(EMPTY)


def test_what_is_not_captured_is_not_empty(store: Store, folders: Folders, loader: Loader) -> None:
    unknown = span("0", {"gen_ai.operation.name": "execute_tool"})
    loader.load([seal(folders, [request(unknown).SerializeToString()])])

    assert store.query("SELECT payload_error FROM spans")[0]["payload_error"] == ""


def test_only_the_answers_of_tools_are_asked(store: Store, folders: Folders, loader: Loader) -> None:
    assert stored(loader, folders, store, ["HTTP 503", "[]"], operation="chat") == ["", ""]


ODD = ["{" * 5_000, '{"error": "' + "x" * 200_000, "\\" * 50_000, '{"error": "\xff']


@pytest.mark.parametrize("answer", ODD)
def test_odd_answers_are_bounded(store: Store, folders: Folders, loader: Loader, answer: str) -> None:
    (said,) = stored(loader, folders, store, [answer])

    assert len(said) <= 200
