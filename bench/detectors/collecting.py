"""What is known after a run: which traces each case made, and what the service found."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx

from bench.detectors.worker import Joined
from doldrums.local_keys import read_local_keys
from tests.service import Service

FINDINGS_FILE = "findings.json"

Found = Mapping[str, Any]


def joined(folder: Path) -> dict[str, Joined]:
    """Return what became of each case, by its id; what was noted last counts."""
    lines = [line for path in folder.glob("joined.*.jsonl") for line in path.read_text().splitlines()]
    noted = [Joined(**json.loads(line)) for line in lines]
    return {each.case: each for each in noted}


def make_keys(service: Service, captures: Sequence[str]) -> dict[str, str]:
    """Make a project of each capture, and return the keys that write and read them."""
    with client(service, read_local_keys(service.folder).operator) as operator:
        made = {}
        for capture in captures:
            wanted = {"project": capture, "scopes": ["ingest", "query"], "name": capture}
            answer = operator.post("/keys", json=wanted)
            answer.raise_for_status()
            made[capture] = answer.json()["key"]
        return made


def findings(service: Service, key: str) -> list[Found]:
    """Return all findings of a project, open and resolved."""
    found: list[Found] = []
    with client(service, key) as caller:
        cursor: str | None = ""
        while cursor is not None:
            answer = caller.get("/findings", params={"cursor": cursor} if cursor else {})
            answer.raise_for_status()
            page = answer.json()
            found += page["items"]
            cursor = page["next"]
    return found


def spans_stored(service: Service, key: str) -> int:
    with client(service, key) as caller:
        return int(caller.get("/stats").json()["spans"]["stored"])


def write_findings(folder: Path, by_capture: Mapping[str, Sequence[Found]]) -> None:
    (folder / FINDINGS_FILE).write_text(json.dumps(by_capture, indent=1))


def read_findings(folder: Path) -> dict[str, list[Found]]:
    found: dict[str, list[Found]] = json.loads((folder / FINDINGS_FILE).read_text())
    return found


def client(service: Service, key: str) -> httpx.Client:
    return httpx.Client(base_url=f"{service.url('api')}/api/v1", headers={"x-api-key": key}, timeout=60)
