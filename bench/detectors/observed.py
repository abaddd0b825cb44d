"""What the service shows of traces beyond its findings: error chains, suspects, whose span is whose."""

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from bench.detectors.collecting import client, findings
from tests.service import Service

FILE_NAME = "observed.json"
# Of a chain the newest twenty traces are listed: so many seconds have less.
SLICE_S = 15.0
# Chains are recorded every 15 s; where that takes the most, 8 s, every 160 s: it may have 5 % of the time.
SETTLING_LOOK_S = 180.0
SETTLING_LOOKS_MAX = 10


@dataclass(frozen=True)
class SeenChain:
    """One error chain of a trace."""

    path: Sequence[str]
    agent: str
    kind: str
    call: str
    outcome: str


@dataclass(frozen=True)
class Seen:
    """A trace as the API shows it.

    Parameters
    ----------
    agents
        By the ids of spans.
    tools
        How many calls of tools there are.
    failed
        How many spans have failed.
    suspects
        Agents of the spans that are suspected, the first one first.
    """

    agents: Mapping[str, str]
    tools: int
    failed: int
    chains: Sequence[SeenChain]
    suspects: Sequence[str]


def observe(service: Service, key: str, trace_ids: Iterable[str], began_at: float) -> dict[str, Seen]:
    """Return what is shown of these traces, by their ids.

    Parameters
    ----------
    began_at
        Unix seconds before which none of them failed.
    """
    with client(service, key) as caller:
        chains = _chains(caller, began_at)
        seen = {trace_id: _seen(caller, trace_id, chains[trace_id]) for trace_id in trace_ids}
    return {trace_id: each for trace_id, each in seen.items() if each}


def wait_until_settled(service: Service, key: str) -> None:
    """Wait until no more chains and findings come: on a busy machine they are late."""
    before: tuple[int, int] | None = None
    for _ in range(SETTLING_LOOKS_MAX):
        with client(service, key) as caller:
            chains = _get(caller, "/chains", {})["items"]
        now = sum(chain["traces"] for chain in chains), len(findings(service, key))
        if now == before:
            return
        before = now
        time.sleep(SETTLING_LOOK_S)


def write(folder: Path, by_capture: Mapping[str, Mapping[str, Seen]]) -> None:
    said = {
        capture: {trace_id: asdict(seen) for trace_id, seen in traces.items()}
        for capture, traces in by_capture.items()
    }
    (folder / FILE_NAME).write_text(json.dumps(said, indent=1))


def read(folder: Path) -> dict[str, dict[str, Seen]]:
    said = json.loads((folder / FILE_NAME).read_text())
    return {
        capture: {trace_id: _read(each) for trace_id, each in traces.items()}
        for capture, traces in said.items()
    }


def _read(said: dict[str, Any]) -> Seen:
    return Seen(**said | {"chains": [SeenChain(**chain) for chain in said["chains"]]})


def _seen(caller: httpx.Client, trace_id: str, chains: Sequence[SeenChain]) -> Seen | None:
    answer = caller.get(f"/traces/{trace_id}", params={"limit": 1_000})
    if not answer.is_success:
        return None
    spans = answer.json()["spans"]
    suspects = caller.get(f"/traces/{trace_id}/suspects").json()["items"]
    return Seen(
        agents={span["span_id"]: span["agent"] or "" for span in spans},
        tools=sum(span["kind"] == "tool" for span in spans),
        failed=sum(span["status"] == "error" for span in spans),
        chains=chains,
        suspects=[one["agent"] or "" for one in suspects],
    )


def _chains(caller: httpx.Client, began_at: float) -> Mapping[str, list[SeenChain]]:
    """Return all chains by trace, read in slices of time."""
    found: defaultdict[str, list[SeenChain]] = defaultdict(list)
    for between in _slices(began_at, datetime.now(UTC).timestamp()):
        for chain in _get(caller, "/chains", between)["items"]:
            for trace in _get(caller, f"/chains/{chain['fingerprint']}", between)["traces"]:
                found[trace["trace_id"]].append(
                    SeenChain(
                        chain["path"], chain["agent"] or "", chain["kind"], chain["call"], trace["outcome"]
                    )
                )
    return found


def _slices(began_at: float, ended_at: float) -> Iterator[Mapping[str, str]]:
    at = began_at
    while at < ended_at:
        times = (datetime.fromtimestamp(each, UTC).isoformat() for each in (at, at + SLICE_S))
        yield dict(zip(("from", "to"), times, strict=True))
        at += SLICE_S


def _get(caller: httpx.Client, path: str, parameters: Mapping[str, str]) -> Any:
    answer = caller.get(path, params=parameters)
    answer.raise_for_status()
    return answer.json()
