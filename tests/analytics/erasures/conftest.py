"""A desk that erases: a store with two users' traces, a state database, an archive and a quarantine."""

import uuid
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from analytics.erasures.ledger import ErasureLedger
from analytics.erasures.work import Erasing
from analytics.findings.ledger import FindingLedger
from analytics.state.database import open_state
from collector.deletion.eraser import Eraser
from collector.deletion.subject import Subject
from collector.journal.quarantined import Quarantined, set_aside
from collector.journal.record import frame
from collector.journal.segment import Folders, Segment
from collector.loader.archive import Archive
from collector.loader.gate import Gate
from collector.loader.replay import ReplayFolders
from collector.otlp.signal import Signal
from collector.store.store import Store
from tests.analytics.findings.builders import finding, opened
from tests.builders import request, span
from tests.segments import seal

ANNA, BERT = "anna@example.com", "bert@example.com"
_TODAY = datetime.now(UTC).date().isoformat()


@dataclass
class Desk:
    """What is erased, and from where."""

    store: Store
    state: Engine
    folders: Folders
    archive: Archive
    ledger: ErasureLedger
    eraser: Eraser
    erasing: Erasing
    damage: list[BaseException] = field(default_factory=list)
    traces: dict[str, str] = field(default_factory=dict)

    def work(self, user: str, project: str = "default") -> Segment:
        """Let a user have a trace: a span that names it, one that does not, a log, pieces and a finding."""
        named, child = span("named", {"user.id": user}), span("child")
        child.trace_id = named.trace_id
        segment = seal(self.folders, [request(named, child).SerializeToString()], project=project)
        (self.folders.sealed / segment.file_name).rename(self.folders.archive / segment.file_name)
        trace = named.trace_id.hex()
        row = {"project": project, "segment": segment.id, "day": _TODAY, "trace": trace, "user": user}
        for statement in ROWS:
            self.store.command(statement, row)
        about = finding(trace, project=project, trace_ids=[trace], title=f"{user} waits")
        opened(FindingLedger(self.state, ["desk"]), about)
        self.traces[user] = trace
        return segment

    def request(self, user: str, project: str = "default") -> str:
        """Ask for an erasure; return its id."""
        return self.ledger.request(Subject(project, "user", user), "0a0a0a0a", datetime.now(UTC), {}).id

    def set_aside(self, *users: str | int, project: str = "default", key: str = "user.id") -> Path:
        """Put a segment of one trace of each user into quarantine."""
        spans = [span("bad", {key: user}) for user in users]
        data = frame(request(*spans).SerializeToString(), project, 10**18)
        piece = Quarantined(Signal.TRACES, uuid.uuid4().hex, 0, len(users))
        set_aside(self.folders.quarantine, piece, data, "segment", f"{users} did it")
        return self.folders.quarantine / f"{piece.name}.segment"

    def left(self, table: str) -> set[str]:
        """Traces of which a table has something."""
        rows = self.store.query(f"SELECT DISTINCT lower(hex(trace_id)) AS id FROM {table}")
        return {row["id"] for row in rows}

    def pieces(self) -> set[str]:
        return {row["text"] for row in self.store.query("SELECT text FROM contents")}


COUNTED = ("spans", "span_logs")
DERIVED = ("steps", "traces", "open_spans", "trace_hours", "chains", "drift_steps")
_SPAN = """
INSERT INTO spans (project, segment, received_day, trace_id, span_id, user, content_references)
SELECT {{project:String}}, {{segment:String}}, {{day:Date}}, unhex({{trace:String}}), '{id}', {user},
    [('text', '', '', [toFixedString(substring(SHA256('shared'), 1, 16), 16),
        toFixedString(substring(SHA256({{user:String}}), 1, 16), 16)])]"""
_LOG = """
INSERT INTO span_logs (project, segment, received_day, trace_id)
VALUES ({project:String}, {segment:String}, {day:Date}, unhex({trace:String}))"""
_PIECE = """
INSERT INTO contents (received_day, project, hash, text)
SELECT {{day:Date}}, {{project:String}}, substring(SHA256({text}), 1, 16), {text}"""
_DERIVED = """
INSERT INTO {table} (project, trace_id, {time}) VALUES ({{project:String}}, unhex({{trace:String}}), now())"""
_TIMES = {
    "steps": "start",
    "traces": "start",
    "open_spans": "observed",
    "trace_hours": "hour",
    "chains": "version",
    "drift_steps": "hour",
}
ROWS = [
    _SPAN.format(id="named", user="{user:String}"),
    _SPAN.format(id="child", user="''"),
    _LOG,
    _PIECE.format(text="'shared'"),
    _PIECE.format(text="{user:String}"),
    *(_DERIVED.format(table=table, time=time) for table, time in _TIMES.items()),
]


@pytest.fixture
def new_desk(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Desk]:
    """Let a process begin: on the same store, folders and database as the one before."""
    folders = Folders(tmp_path)
    folders.create()
    ReplayFolders(tmp_path).create()
    # the engine takes half a minute to delete what was replaced, and by our settings eight more
    monkeypatch.setattr(Eraser, "lingering", lambda *_: 0)

    def begin() -> Desk:
        state = open_state(f"sqlite:///{tmp_path}/state.db")
        archive = Archive(folders.archive, bytes_max=1 << 30, age_s_max=1e9, counted=lambda _: "f" * 32)
        ledger, eraser, damage = ErasureLedger(state), Eraser(store, folders, archive), []
        erasing = Erasing(
            ledger, eraser, state, folders, Gate().closed, damage.append, lambda: True, nullcontext
        )
        return Desk(store, state, folders, archive, ledger, eraser, erasing, damage)

    return begin


@pytest.fixture
def desk(new_desk: Callable[[], Desk]) -> Desk:
    return new_desk()
