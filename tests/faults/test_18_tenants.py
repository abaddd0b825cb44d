"""Scenario 18: the same trace and span ids in many tenants, and a walk of every call of the API by each."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import httpx
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.alerts.webhook import new_secret
from analytics.findings.finding import Finding
from analytics.findings.ledger import FindingLedger
from analytics.series.key import SeriesKey
from analytics.state.database import open_state
from collector.store.migrate import migrate
from collector.store.store import open_store
from doldrums.local_keys import read_local_keys
from tests.analytics.series.drifted import warming
from tests.builders import SECOND, request, span
from tests.collector.receiver.process import EXPORT
from tests.log_builders import log, logs_request
from tests.service import Service, until

# The tenants that send, and the requests of each to each call.
TENANTS, WALKS = (100, 90) if os.environ.get("FAULTS_SIZE") == "full" else (8, 1)
TRACE, FAILED, ROOT, WAIT = bytes(range(16)), bytes(range(16, 32)), b"rootroot", b"waitwait"
SPANS = 6
WEBHOOK = {"name": "hook", "url": "http://127.0.0.1:9/", "secret": new_secret()}
MARK = re.compile(r"mark-(t\d+)-")
# How each parameter of a path is filled in; for one that is not here the walk has to be told.
FILLED = {"trace_id": TRACE.hex(), "span_id": ROOT.hex(), "name": "hook"}
# What calls must be asked with.
ASKED = {"/drift/comparison": "?from=2026-01-01..2026-01-07&to=2026-01-08..2026-01-14"}
# Calls that tell nothing of a tenant, each with the reason.
TELLS_NOTHING = {
    "/stats": "counts",
    "/contracts/learned": "two calls teach nothing",
    "/drift/comparison": "an hour is counted when it is over; tests/analytics/series compares projects",
    "/keys": "names of keys are checked below",
    "/erasures": "whose traces they were is forgotten; their ids are checked below",
    "/erasures/{erasure_id}": "the same",
}

Tenants = dict[str, httpx.Client]

# the walk of 100,000 queries takes its time
pytestmark = pytest.mark.timeout(900 if TENANTS < 100 else 3_600)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {"DOLDRUMS_WEBHOOKS": f"[{httpx.Response(200, json=WEBHOOK).text}]"}
    folder = tmp_path_factory.mktemp("tenants")
    know_series(folder)
    with Service(folder, settings) as service:
        yield service


def know_series(folder: Path) -> None:
    """Write down a series of each tenant, as the monitor does at midnight."""
    store = open_store(f"chdb://{folder / 'store'}")
    migrate(store)
    for project in (f"t{number}" for number in range(TENANTS)):
        warming(store, SeriesKey(project, "", f"mark-{project}-agent", "chat", "gpt-5", "duration"), days=1)
    store.close()


@pytest.fixture(scope="module")
def operator(service: Service) -> Iterator[httpx.Client]:
    with client_of(service, read_local_keys(service.folder).operator) as operator:
        yield operator


@pytest.fixture(scope="module")
def tenants(service: Service, operator: httpx.Client) -> Iterator[Tenants]:
    """Clients by the project of their key; each has sent a trace of the same ids and has a finding of it."""
    scopes = ["ingest", "query", "admin"]
    made = {}
    for number in range(TENANTS):
        wanted = {"project": f"t{number}", "scopes": scopes, "name": f"mark-t{number}-key"}
        made[f"t{number}"] = operator.post("/keys", json=wanted).json()["key"]
    for number, (project, key) in enumerate(made.items()):
        send(service, project, key, over_grpc=number % 2 == 0)
    clients = {project: client_of(service, key) for project, key in made.items()}
    open_findings(service, list(made))
    for project, client in clients.items():
        until(lambda c=client: c.get("/stats").json()["spans"]["stored"] == SPANS, 60, lambda p=project: p)  # type: ignore[misc]
        until(lambda c=client: c.get("/stats").json()["logs"]["stored"] == 1, 60, lambda p=project: p)  # type: ignore[misc]
        until(lambda c=client: c.get(f"/traces/{TRACE.hex()}").is_success, 60, lambda p=project: p)  # type: ignore[misc]
        until(lambda c=client: c.get("/open-spans").json()["items"], 60, lambda p=project: p)  # type: ignore[misc]
        until(lambda c=client: c.get("/waits").json()["edges"], 60, lambda p=project: p)  # type: ignore[misc]
        until(lambda c=client: c.get("/chains").json()["items"], 60, lambda p=project: p)  # type: ignore[misc]
        until(lambda c=client: c.get("/contracts").json()["items"], 60, lambda p=project: p)  # type: ignore[misc]
        client.post("/erasures", json={"user": "nobody"}).raise_for_status()
        client.post("/deployments", json={"agent": f"mark-{project}-agent"}).raise_for_status()
        known = client.get("/series").json()["items"][0]["id"]
        said = {"note": f"mark-{project}-note"}
        client.post(f"/series/{known}/acceptances", json=said).raise_for_status()
    yield clients
    for client in clients.values():
        client.close()


def client_of(service: Service, key: str) -> httpx.Client:
    return httpx.Client(base_url=f"{service.url('api')}/api/v1", headers={"x-api-key": key}, timeout=60)


def send(service: Service, project: str, key: str, *, over_grpc: bool) -> None:
    send_logs(service, project, key)
    agent = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": f"mark-{project}-agent"}
    # for a person, so that no detector finds it while the walk lasts
    wait = {"doldrums.wait.on": f"mark-{project}-person", "doldrums.wait.kind": "human"}
    sent = request(
        span(f"mark-{project}-root", agent, trace_id=TRACE, span_id=ROOT, end_ns=0),
        span(f"mark-{project}-wait", wait, trace_id=TRACE, span_id=WAIT, parent=ROOT, end_ns=0),
        *passing_on(project),
        *failing(project, agent),
    ).SerializeToString()
    if over_grpc:
        with grpc.insecure_channel(service.run["otlp_grpc"]) as channel:
            channel.unary_unary(EXPORT)(sent, timeout=60, metadata=(("authorization", f"Bearer {key}"),))
        return
    headers = {"content-type": "application/x-protobuf", "x-api-key": key}
    httpx.post(f"{service.url('otlp_http')}/v1/traces", content=sent, headers=headers).raise_for_status()


def passing_on(project: str) -> list[Span]:
    """One takes in what another gave."""
    now_ns = time.time_ns()
    said = {"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": f"mark-{project}-other"}
    given = said | {"gen_ai.output.messages": f"mark-{project}-value7"}
    taken = said | {"gen_ai.input.messages": f"of mark-{project}-value7"}
    return [
        span(
            "gives",
            given,
            trace_id=TRACE,
            parent=ROOT,
            start_ns=now_ns - 3 * SECOND,
            end_ns=now_ns - 2 * SECOND,
        ),
        span("takes", taken, trace_id=TRACE, parent=ROOT, start_ns=now_ns - 1 * SECOND, end_ns=now_ns),
    ]


def failing(project: str, agent: dict[str, str]) -> list[Span]:
    """A trace that failed, because its tool did."""
    tool = {"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": f"mark-{project}-tool"}
    return [
        span(f"mark-{project}-order", agent, trace_id=FAILED, span_id=ROOT, error="TimeoutError"),
        span("execute_tool", tool, trace_id=FAILED, span_id=WAIT, parent=ROOT, error="TimeoutError"),
    ]


def send_logs(service: Service, project: str, key: str) -> None:
    """Send a record that belongs to the root, and as many of no span as the tenant's number says."""
    root = span("root", trace_id=TRACE, span_id=ROOT)
    dropped = [log("of nothing")] * int(project[1:])
    said = log("gen_ai.choice", of=root, body=f"mark-{project}-said")
    headers = {"content-type": "application/x-protobuf", "x-api-key": key}
    content = logs_request(said, *dropped).SerializeToString()
    httpx.post(f"{service.url('otlp_http')}/v1/logs", content=content, headers=headers).raise_for_status()


def open_findings(service: Service, projects: list[str]) -> None:
    """Put a finding of the same fingerprint into every project, and a delivery of it, as a detector does."""
    engine = open_state(f"sqlite:///{service.folder / 'state.db'}")
    ledger, now = FindingLedger(engine, ["hook"]), datetime.now(UTC)
    found = [
        Finding(
            project=project,
            detector="of_this_test",
            fingerprint=TRACE.hex(),
            severity="S2",
            grade="probable",
            title=f"mark-{project}-title",
            advice="",
            since=now,
            agents=[f"mark-{project}-agent"],
            trace_ids=[TRACE.hex()],
            span_ids=[ROOT.hex()],
            evidence={},
        )
        for project in projects
    ]
    for look in range(2):
        ledger.reconcile("of_this_test", found, now + timedelta(seconds=look))
    engine.dispose()


def calls(service: Service, method: str) -> list[str]:
    """Paths of the API that take a method, from its own description: a new one is walked too."""
    described = httpx.get(f"{service.url('api')}/openapi.json", timeout=60).json()["paths"]
    return [
        path.removeprefix("/api/v1")
        for path, methods in described.items()
        if path.startswith("/api/v1") and method in methods
    ]


def filled(path: str, ids: dict[str, str]) -> str:
    known = FILLED | ids
    missing = set(re.findall(r"{(\w+)}", path)) - set(known)
    assert not missing, f"{path} is new: say in this test how {missing} is filled in"
    return path.format(**known)


def ids_of(client: httpx.Client) -> dict[str, str]:
    """Ids that only their own tenant may use."""
    return {
        "finding_id": client.get("/findings").json()["items"][0]["id"],
        "delivery_id": client.get("/deliveries").json()["items"][0]["id"],
        "key_id": client.get("/keys").json()["items"][0]["id"],
        "erasure_id": client.get("/erasures").json()["items"][0]["id"],
        "fingerprint": client.get("/chains").json()["items"][0]["fingerprint"],
        "boundary": client.get("/contracts").json()["items"][0]["id"],
        "series_id": client.get("/series").json()["items"][0]["id"],
    }


def test_every_call_shows_each_tenant_its_own_and_nothing_else(service: Service, tenants: Tenants) -> None:
    paths = calls(service, "get")
    known = {"/stats", "/traces", "/traces/{trace_id}/spans/{span_id}", "/open-spans", "/findings", "/waits"}
    assert known <= set(paths)

    def walk(project: str) -> int:
        client = tenants[project]
        ids = ids_of(client)
        for path in paths:
            answer = client.get(filled(path, ids) + ASKED.get(path, ""))
            assert answer.status_code == 200, (path, answer.text)
            assert set(MARK.findall(answer.text)) <= {project}, path
            assert MARK.search(answer.text) or path in TELLS_NOTHING, f"{path} shows nothing of {project}"
        return len(paths)

    with ThreadPoolExecutor(4) as threads:
        asked = sum(threads.map(walk, list(tenants) * WALKS))
    print(f"{asked} queries of {len(tenants)} tenants")


def test_a_filter_finds_nothing_of_another_tenant(tenants: Tenants) -> None:
    mine, other = tenants["t0"], "mark-t1-agent"

    for path, name in (
        ("/traces", "agent"),
        ("/traces", "q"),
        ("/open-spans", "agent"),
        ("/findings", "agent"),
        ("/series", "agent"),
        ("/series", "q"),
    ):
        assert mine.get(path, params={name: other}).json()["items"] == [], path
        assert tenants["t1"].get(path, params={name: other}).json()["items"], path
    # the ids of the trace are everybody's; a long walk gives the service time to find more in it
    found = mine.get("/findings", params={"trace_id": TRACE.hex()}).json()["items"]
    assert {each["project"] for each in found} == {"t0"}


def test_an_id_of_another_tenant_is_not_there(service: Service, tenants: Tenants) -> None:
    mine, theirs = ids_of(tenants["t0"]), ids_of(tenants["t1"])

    for method in ("get", "post", "delete"):
        for path in calls(service, method):
            for name in theirs:
                if f"{{{name}}}" in path:
                    answer = tenants["t0"].request(method, filled(path, mine | {name: theirs[name]}))
                    assert answer.status_code == 404, (method, path, answer.text)
    assert ids_of(tenants["t1"]) == theirs
    assert tenants["t1"].get("/keys").json()["items"][0]["revoked"] is None


def test_who_waits_for_whom_is_told_to_its_tenant(tenants: Tenants, operator: httpx.Client) -> None:
    for project, client in tenants.items():
        for asked in ({}, {"project": "t1"}, {"project": ""}):
            waits = client.get("/waits", params=asked).json()
            labels = {node["label"] for node in waits["nodes"]}
            [edge] = waits["edges"]

            assert labels == {f"mark-{project}-agent", f"mark-{project}-person"}
            assert {edge["waiter"], edge["target"]} == {node["id"] for node in waits["nodes"]}
            assert edge["span_id"] == WAIT.hex()
    nobody_s = operator.get("/waits").json()
    assert (nobody_s["nodes"], nobody_s["edges"], nobody_s["rings"]) == ([], [], [])


def test_deliveries_and_keys_are_listed_to_their_tenant(tenants: Tenants) -> None:
    for project in ("t0", "t1"):
        assert tenants[project].post("/webhooks/hook/test").status_code == 202
    for project in ("t0", "t1"):
        events = [each["event"] for each in tenants[project].get("/deliveries").json()["items"]]
        assert set(events) == {"finding.opened", "webhook.test"}
        [key] = tenants[project].get("/keys").json()["items"]
        assert key["name"] == f"mark-{project}-key"


def test_erasures_are_listed_to_their_tenant(tenants: Tenants) -> None:
    of_each = [client.get("/erasures").json()["items"] for client in tenants.values()]
    assert [len(items) for items in of_each] == [1] * len(tenants)
    assert len({items[0]["id"] for items in of_each}) == len(tenants)


def test_a_span_shows_its_own_tenant_s_logs(tenants: Tenants) -> None:
    for project, client in tenants.items():
        shown = client.get(f"/traces/{TRACE.hex()}/spans/{ROOT.hex()}").text
        assert f"mark-{project}-said" in shown
        assert set(MARK.findall(shown)) == {project}


def test_counts_are_the_tenants_own(tenants: Tenants, operator: httpx.Client) -> None:
    spans = tenants["t0"].get("/stats").json()["spans"]

    assert spans == {"received": SPANS, "rejected": 0, "stored": SPANS, "quarantined": 0}
    logs = tenants["t3"].get("/stats").json()["logs"]
    assert (logs["received"], logs["stored"], logs["dropped"], logs["without_span"]) == (1, 1, 3, 0)
    assert operator.get("/stats").json()["spans"]["stored"] == SPANS * TENANTS


def test_without_a_key_every_call_is_refused(service: Service, tenants: Tenants) -> None:
    ids, stranger = ids_of(tenants["t0"]), httpx.Client(base_url=service.url("api"), timeout=60)
    for shown in ({}, {"x-api-key": f"pk_{ids['key_id']}_{'0' * 64}"}, {"authorization": "Bearer nonsense"}):
        for method in ("get", "post", "delete"):
            for path in calls(service, method):
                answer = stranger.request(method, f"/api/v1{filled(path, ids)}", headers=shown)
                assert (answer.status_code, answer.headers["content-type"]) == (
                    401,
                    "application/problem+json",
                )
    for path in ("/healthz", "/readyz"):
        assert stranger.get(path).status_code in {200, 503}
    stranger.close()


def test_the_command_line_keeps_keys_by_the_running_service(service: Service, tenants: Tenants) -> None:
    made = keys(
        service, "create", "--project", "by-hand", "--name", "[red]", "--days", "1", "--spans-per-s", "9"
    )
    key = re.findall(r"pk_\w+", made)[0]
    post = {"content": b"", "headers": {"content-type": "application/x-protobuf", "x-api-key": key}}
    url = f"{service.url('otlp_http')}/v1/traces"
    assert httpx.post(url, **post).status_code == 200  # type: ignore[arg-type]

    listed = keys(service, "list")
    assert "by-hand" in listed
    assert "[red]" in listed
    assert "good until" in listed
    assert "9 spans" in listed
    assert key not in listed

    assert f"API key {key[:11]} of project by-hand is revoked." in keys(service, "revoke", key[:11])
    began = datetime.now(UTC)
    until(lambda: httpx.post(url, **post).status_code == 401, 30)  # type: ignore[arg-type]
    print(f"revoked after {(datetime.now(UTC) - began).total_seconds():.2f} s")


def keys(service: Service, *arguments: str) -> str:
    answer = subprocess.run(
        [service._command[0], "keys", *arguments],
        env=service._environment | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return answer.stdout


def test_no_secret_is_written_anywhere(service: Service, tenants: Tenants) -> None:
    secrets = {client.headers["x-api-key"].rpartition("_")[2] for client in tenants.values()}
    texts: dict[Path, Any] = {
        path: path.read_bytes()
        for path in service.folder.rglob("*")
        if path.is_file() and path.name != "local-keys.json"
    }
    assert {"keys.json", "state.db", "service.log"} <= {path.name for path in texts}
    for path, content in texts.items():
        assert not any(secret.encode() in content for secret in secrets), path
