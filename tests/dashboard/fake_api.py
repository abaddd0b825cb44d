"""A stand-in for the API: real HTTP on a free port, a frozen clock, and moods that a test chooses."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import format_datetime
from functools import cache
from typing import Any, Literal

import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from analytics.api.drift_models import Acceptance, AcceptanceWanted, Series, SeriesPage
from analytics.api.models import (
    Checklist,
    ContractBoundaries,
    ContractDetail,
    ErrorChainDetail,
    ErrorChains,
    Finding,
    ListedSpan,
    OpenSpan,
    Page,
    Problem,
    RootComparisons,
    SpanDetail,
    Stats,
    Suspects,
    Trace,
    TraceSummary,
    Waits,
)
from dashboard.wording.moment import moment
from tests.dashboard import fleet
from tests.dashboard.big_trace import BIG_TRACE, big_trace
from tests.dashboard.checked import checked
from tests.dashboard.compared import compared
from tests.dashboard.contracted import contract, contracts
from tests.dashboard.drifting import one_series, series
from tests.dashboard.failing import Errors, chain_findings, chains, detail
from tests.dashboard.hostile import (
    hostile,
    hostile_chain,
    hostile_chains,
    hostile_checklist,
    hostile_comparisons,
    hostile_contract,
    hostile_contracts,
    hostile_detail,
    hostile_one_series,
    hostile_series,
    hostile_suspects,
    hostile_waits,
)
from tests.dashboard.suspected import suspects
from tests.dashboard.waiting import Scene, deadlock_findings, waits

Mood = Literal["normal", "empty", "error", "hostile", "big", "calm", "demo"]
BIG = 10_000
# The failed one under an id that only one test asks for: what was shown is kept for a minute.
UNSEEN_TRACE = "ab" * 16


class FakeApi:
    """Serves the fleet on `url` until stopped.

    Parameters
    ----------
    port
        0 picks a free one; a stopped API can come back on the port that it had.
    """

    def __init__(self, port: int = 0) -> None:
        self.mood: Mood = "normal"
        self.scene: Scene = "calm"
        self.errors: Errors = "over"
        self.asked: list[str] = []
        self.accepted: list[tuple[str, AcceptanceWanted]] = []
        self.key_needed = ""
        self.failing_paths: set[str] = set()
        self.delay_s = 0.0
        self._socket = socket.create_server(("127.0.0.1", port))
        self.port = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        settings = uvicorn.Config(self._app(), log_level="critical", date_header=False)
        self._server = uvicorn.Server(settings)
        sockets = {"sockets": [self._socket]}
        self._thread = threading.Thread(target=self._server.run, kwargs=sockets, daemon=True)

    def start(self) -> None:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(timeout=5)
        self._socket.close()

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.middleware("http")
        async def moods(request: Request, call_next: Any) -> Response:
            path = request.url.path.removeprefix("/api/v1")
            self.asked.append(f"{path}?{request.url.query}" if request.url.query else path)
            await asyncio.sleep(self.delay_s)
            failing = self.mood == "error" or path in self.failing_paths
            response: Response = problem(500, "Internal error") if failing else await call_next(request)
            response.headers["date"] = format_datetime(fleet.NOW, usegmt=True)
            return response

        self._calls(app)
        return app

    def _calls(self, app: FastAPI) -> None:
        @app.get("/api/v1/stats")
        def stats() -> Stats:
            return self.stats()

        @app.get("/api/v1/traces")
        def traces(request: Request) -> Page[TraceSummary]:
            return self.traces(dict(request.query_params))

        @app.get("/api/v1/traces/{trace_id}", response_model=None)
        def trace(trace_id: str) -> Trace | Response:
            if trace_id == BIG_TRACE:
                return Response(big_answer(), media_type="application/json")
            return self.trace(trace_id) or problem(404, "No such trace")

        @app.get("/api/v1/traces/{trace_id}/spans/{span_id}", response_model=None)
        def span(trace_id: str, span_id: str) -> SpanDetail | Response:
            spans = found.spans if (found := self.trace(trace_id)) else []
            one = next((span for span in spans if span.span_id == span_id), None)
            return self.detail(trace_id, one) if one else problem(404, "No such span")

        @app.get("/api/v1/traces/{trace_id}/suspects", response_model=None)
        def trace_suspects(trace_id: str) -> Suspects | Response:
            return self.suspects(trace_id) or problem(404, "No such trace")

        @app.get("/api/v1/open-spans")
        def open_spans(limit: int = 100, environment: str = "") -> Page[OpenSpan]:
            found = [one for one in self.open_spans() if environment in ("", one.environment)]
            return page(found, limit, "")

        @app.get("/api/v1/waits", response_model=None)
        def wait_graph() -> Response:
            return Response(self.waits().model_dump_json(), media_type="application/json")

        self._finding_calls(app)

    def _finding_calls(self, app: FastAPI) -> None:
        @app.get("/api/v1/chains")
        def list_chains() -> ErrorChains:
            return self.chains()

        @app.get("/api/v1/chains/{fingerprint}", response_model=None)
        def get_chain(fingerprint: str) -> ErrorChainDetail | Response:
            return self.chain(fingerprint) or problem(404, "No such chain")

        @app.get("/api/v1/root-causes")
        def root_causes() -> RootComparisons:
            return self.root_causes()

        @app.get("/api/v1/contracts")
        def list_contracts() -> ContractBoundaries:
            return self.contracts()

        @app.get("/api/v1/contracts/{boundary}", response_model=None)
        def get_contract(boundary: str) -> ContractDetail | Response:
            return self.contract(boundary) or problem(404, "No such boundary")

        self._series_calls(app)

        @app.get("/api/v1/checklist")
        def checklist() -> Checklist:
            return self.checklist()

        @app.get("/api/v1/findings/{finding_id}", response_model=None)
        def one_finding(finding_id: str) -> Finding | Response:
            found = (one for one in self.findings() if one.id == finding_id)
            return next(found, None) or problem(404, "No such finding")

        @app.get("/api/v1/findings")
        def findings(state: str = "", trace_id: str = "", detector: str = "") -> Page[Finding]:
            found = [one for one in self.findings() if state in ("", one.state)]
            found = [one for one in found if detector in ("", one.detector)]
            return Page(items=[one for one in found if not trace_id or trace_id in one.trace_ids])

    def _series_calls(self, app: FastAPI) -> None:
        @app.get("/api/v1/series")
        def list_series(limit: int = 100, cursor: str = "", state: str = "", q: str = "") -> SeriesPage:
            return self.series(limit, cursor, state, q)

        @app.get("/api/v1/series/{series_id}", response_model=None)
        def get_series(series_id: str, request: Request) -> Series | Response:
            start = moment(request.query_params["from"])
            days = round((fleet.NOW - start).total_seconds() / 86_400)
            return self.one_series(series_id, days) or problem(404, "No such series")

        @app.post("/api/v1/series/{series_id}/acceptances", status_code=201, response_model=None)
        def accept(series_id: str, wanted: AcceptanceWanted, request: Request) -> Acceptance | Response:
            if request.headers.get("x-api-key", "") != self.key_needed:
                return problem(401, "Show an API key.")
            self.accepted.append((series_id, wanted))
            return Acceptance(
                since=fleet.before(9), at=fleet.before(0), accepted_by=wanted.by, note=wanted.note
            )

    def stats(self) -> Stats:
        empty = self.mood == "empty"
        stored = 0 if empty else 184_213 + 37 * len(self.asked)
        looked = {"detector": "stuck_span", "last_run": fleet.before(1), "seconds": 0.02, "findings_open": 0}
        return Stats.model_validate(
            {
                "version": "0.1.0",
                "demo": self.mood == "demo",
                "otlp_http": "127.0.0.1:4318",
                "otlp_grpc": "127.0.0.1:4317",
                "spans": {"received": stored, "rejected": 0, "stored": stored, "quarantined": 0},
                "journal": {"bytes": 0, "age_s": 0.0},
                "newest_span": None if empty else fleet.before(1),
                "ingest_lag_s": None if empty else 0.41,
                "detectors": [looked],
            }
        )

    def traces(self, query: dict[str, str]) -> Page[TraceSummary]:
        number = {"empty": 0, "big": BIG}.get(self.mood, 212)
        found = self._attacking(fleet.summaries(number)) if number else []
        found = [one for one in found if one.status == query.get("status", one.status)]
        found = [one for one in found if one.environment == query.get("environment", one.environment)]
        found = [one for one in found if query.get("agent", "") in ["", *one.agents]]
        found = [
            one for one in found if query.get("q", "") in f"{one.name} {one.trace_id} {one.error_message}"
        ]
        return page(found, int(query.get("limit", 100)), query.get("cursor", ""))

    def trace(self, trace_id: str) -> Trace | None:
        if trace_id == BIG_TRACE:
            return big_trace(BIG)
        known = {fleet.STUCK_TRACE: "stuck", fleet.FAILED_TRACE: "failed", UNSEEN_TRACE: "failed"}
        if trace_id not in known or self.mood == "empty":
            return None
        found = fleet.trace(known[trace_id])
        found.summary = self._attacking([found.summary])[0]
        found.spans = self._attacking(found.spans)
        return found

    def detail(self, trace_id: str, one: ListedSpan) -> SpanDetail:
        found = fleet.detail(trace_id, one)
        return hostile_detail(found) if self.mood == "hostile" else found

    def suspects(self, trace_id: str) -> Suspects | None:
        trace = self.trace(trace_id)
        found = suspects(trace) if trace else None
        return hostile_suspects(found) if found and self.mood == "hostile" else found

    def open_spans(self) -> list[OpenSpan]:
        if self.mood in ("empty", "calm"):
            return []
        return self._attacking(fleet.open_spans(BIG if self.mood == "big" else 0))

    def findings(self) -> list[Finding]:
        found = [] if self.mood in ("empty", "calm") else fleet.findings()
        if self.mood != "empty":
            found = [*found, *chain_findings(self.errors), *deadlock_findings(self.scene)]
        return self._attacking(found)

    def waits(self) -> Waits:
        found = waits({"empty": "none", "big": "big"}.get(self.mood, self.scene))
        return hostile_waits(found) if self.mood == "hostile" else found

    def chains(self) -> ErrorChains:
        found = chains(self._errors())
        return hostile_chains(found) if self.mood == "hostile" else found

    def chain(self, fingerprint: str) -> ErrorChainDetail | None:
        found = detail(self._errors(), fingerprint)
        return hostile_chain(found) if found and self.mood == "hostile" else found

    def root_causes(self) -> RootComparisons:
        found = compared(self._errors())
        return hostile_comparisons(found) if self.mood == "hostile" else found

    def checklist(self) -> Checklist:
        found = checked(0 if self.mood == "empty" else 200 if self.mood == "big" else 3)
        return hostile_checklist(found) if self.mood == "hostile" else found

    def contracts(self) -> ContractBoundaries:
        found = contracts(self._boundaries())
        return hostile_contracts(found) if self.mood == "hostile" else found

    def contract(self, boundary: str) -> ContractDetail | None:
        found = contract(self._boundaries(), boundary)
        return hostile_contract(found) if found and self.mood == "hostile" else found

    def series(self, limit: int, cursor: str, state: str, query: str) -> SeriesPage:
        found = series(self._series())
        matching = [
            one
            for one in found.items
            if state in ("", one.state) and query in f"{one.agent} {one.subject} {one.metric}"
        ]
        part = page(matching, limit, cursor)
        found = found.model_copy(update={"items": part.items, "next": part.next})
        return hostile_series(found) if self.mood == "hostile" else found

    def one_series(self, series_id: str, days: int) -> Series | None:
        found = one_series(self._series(), series_id, days)
        return hostile_one_series(found) if found and self.mood == "hostile" else found

    def _series(self) -> int:
        return {"empty": 0, "big": 2_000}.get(self.mood, 5)

    def _boundaries(self) -> int:
        return {"empty": 0, "big": 500}.get(self.mood, 4)

    def _errors(self) -> Errors:
        moods: dict[Mood, Errors] = {"empty": "none", "big": "big"}
        return moods.get(self.mood, self.errors)

    def _attacking(self, items: list[Any]) -> list[Any]:
        return hostile(items) if self.mood == "hostile" else items


@cache
def big_answer() -> bytes:
    """The big trace as JSON: FastAPI takes seconds over it, and a dashboard gives up after eight."""
    return big_trace(BIG).model_dump_json().encode()


def page(items: list[Any], limit: int, cursor: str) -> Page[Any]:
    start = int(cursor or 0)
    following = start + limit
    return Page(items=items[start:following], next=str(following) if following < len(items) else None)


def problem(status: int, title: str) -> Response:
    body = Problem(title=title, status=status).model_dump()
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


@contextmanager
def serving() -> Iterator[FakeApi]:
    """Yield a running API."""
    api = FakeApi()
    api.start()
    try:
        yield api
    finally:
        api.stop()
