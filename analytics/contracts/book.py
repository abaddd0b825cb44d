"""Book: which contract holds at which boundary, as it is now; kept in the store."""

import time
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from hashlib import sha256
from time import time_ns
from typing import Any

import orjson
import structlog

from analytics.contracts.boundary import Boundary, Side
from analytics.contracts.definitions import ToolSchema
from analytics.contracts.learned import Learned, contract_in, learned_in
from analytics.contracts.learned_schema import REQUIRED_CALLS_MIN
from analytics.contracts.left_out import LeftOut
from analytics.contracts.rows import contract_row, contracts_table
from analytics.contracts.schema import InvalidSchemaError, Schema
from analytics.contracts.told import Told, ready_of, written_down
from analytics.contracts.user import UserContract
from collector.store.statement import statement
from collector.store.store import Store

log = structlog.get_logger(__name__)

# Boundaries of a project that are learned, and schemas of tools, at once: those that were seen last. 20 kB
# each with documents of a dozen fields, 25 times as much at most. Of others is forgotten what deviates and is
# not told yet.
PROJECT_MAX = 1_000
# What was learned is written down this often; what a crash loses of it is learned from later calls.
_KEEP_EVERY_S = 60.0


class Book:
    """What is known of boundaries.

    Parameters
    ----------
    user
        What somebody wrote: it goes before what traces say.
    """

    def __init__(self, store: Store, user: Sequence[UserContract]) -> None:
        self._store = store
        self._user = user
        self._user_at: dict[Boundary, Schema | None] = {}
        self._learned: dict[str, OrderedDict[Boundary, Learned[Any]]] = defaultdict(OrderedDict)
        self._told: dict[str, OrderedDict[Boundary, Told]] = defaultdict(OrderedDict)
        self._changed: set[Boundary] = set()
        self._in_use: set[Boundary] = set()
        self._over: set[str] = set()
        self._kept_s = time.monotonic()
        self._read()

    @property
    def named(self) -> list[str]:
        """What user contracts name: of these every call is checked."""
        return sorted({contract.name for contract in self._user})

    @property
    def settled(self) -> list[str]:
        """Places of calls of which enough is learned: few of them will do."""
        return sorted(
            {
                f"{of.project}\0{of.kind}\0{of.agent}\0{of.name}\0{of.version}"
                for some in self._learned.values()
                for of, learned in some.items()
                if learned.calls >= REQUIRED_CALLS_MIN
            }
        )

    def written_at(self, boundary: Boundary) -> Schema | None:
        """Return the user's contract, the one that names an agent or project before one that does not."""
        of = boundary._replace(version="")
        if of not in self._user_at:
            if len(self._user_at) > 100 * PROJECT_MAX:
                self._user_at.clear()
            holding = [contract for contract in self._user if contract.holds_at(of)]
            best = max(holding, key=lambda one: (bool(one.agent), bool(one.project)), default=None)
            self._user_at[of] = best.ready if best else None
        return self._user_at[of]

    def told_at(self, boundary: Boundary) -> Told | None:
        """Return the tool's own contract, which is thereby in use."""
        told = self._told[boundary.project].get(boundary)
        if told and told.is_due():
            self._in_use.add(boundary)
        return told

    def fetch(self, boundaries: Iterable[Boundary]) -> None:
        """Have at hand what was learned at boundaries, and give up those that were not seen for longest."""
        self._make_room()
        missing = {of for of in boundaries if of not in self._learned[of.project]}
        if missing:
            self._take(self._store.query(statement(__package__, "learned_at.sql"), _at(missing)))

    def _make_room(self) -> None:
        """Write down what changed before it is given up: it is read again when it is needed."""
        rows = []
        for project, of_project in self._learned.items():
            if len(of_project) > PROJECT_MAX and project not in self._over:
                self._over.add(project)
                log.warning("contracts_over_bound", project=project, boundaries_max=PROJECT_MAX)
            while len(of_project) > PROJECT_MAX:
                of, learned = of_project.popitem(last=False)
                if of in self._changed:
                    self._changed.discard(of)
                    rows.append((of, learned))
        self._write(rows)

    def learned_at(self, boundary: Boundary) -> Learned[Any]:
        """Return what is learned of a boundary, to go on learning from."""
        of_project = self._learned[boundary.project]
        learned = of_project.pop(boundary, None) or Learned()
        of_project[boundary] = learned
        self._changed.add(boundary)
        return learned

    def tell(self, project: str, agent: str, version: str, schemas: Sequence[ToolSchema]) -> None:
        """Take schemas that a trace brought for those of the agent's tools; write down what is new."""
        new = []
        left_out = LeftOut("a tool's schema")
        for one in schemas:
            of = Boundary(project, "tool", agent, one.tool[:200], one.side, version)
            with left_out.one(of.id):
                if row := self._tell(of, one.document):
                    new.append(row)
        left_out.say()
        if new:
            self._store.insert("contracts", contracts_table(new))

    def _tell(self, of: Boundary, document: Mapping[str, Any]) -> dict[str, Any] | None:
        written = written_down(document)
        digest = sha256(written).digest()
        of_project = self._told[of.project]
        before = self.told_at(of)
        if before and before.digest == digest:
            return None
        ready, problem = None, ""
        try:
            ready = ready_of(document, written)
        except InvalidSchemaError as error:
            problem = str(error)
        of_project[of] = Told(digest, ready)
        while len(of_project) > PROJECT_MAX:
            of_project.popitem(last=False)
        return contract_row(of, "tool", _now_us(), schema=written.decode(), problem=problem)

    def keep(self, *, at_once: bool = False) -> None:
        """Write down what was learned, now or when it is due."""
        if not at_once and time.monotonic() - self._kept_s < _KEEP_EVERY_S:
            return
        self._kept_s = time.monotonic()
        self._write([(of, self._learned[of.project][of]) for of in self._changed])
        self._changed.clear()
        if self._in_use:
            self._store.command(
                statement(__package__, "renew_told.sql"), {"now_us": _now_us(), **_at(self._in_use)}
            )
            self._in_use.clear()

    def _write(self, learned: Sequence[tuple[Boundary, Learned[Any]]]) -> None:
        rows = []
        left_out = LeftOut("what was learned")
        for of, one in learned:
            with left_out.one(of.id):
                rows.append(self._row(of, one))
        left_out.say()
        if rows:
            self._store.insert("contracts", contracts_table(rows))

    @staticmethod
    def _row(of: Boundary, learned: Learned[Any]) -> dict[str, Any]:
        return contract_row(
            of,
            "learned",
            _now_us(),
            calls=learned.calls,
            schema=_json(learned.document) if learned.document else "",
            learned=_json(learned_in(learned)),
            drifts=len(learned.drifts),
        )

    def _read(self) -> None:
        rows = self._store.query(
            statement(__package__, "known_contracts.sql"), {"project_max": 2 * PROJECT_MAX}
        )
        # the newest come first, and are to be given up last
        self._take(reversed(list(rows)))

    def _take(self, rows: Iterable[Mapping[str, Any]]) -> None:
        for row in rows:
            side: Side = row["side"]
            of = Boundary(row["project"], row["kind"], row["agent"], row["name"], side, row["agent_version"])
            try:
                self._remember(of, row)
            except (ValueError, KeyError, TypeError) as error:
                # an older version may have written it otherwise: it is learned anew
                log.warning("contract_not_read", boundary=of.id, reason=str(error))

    def _remember(self, of: Boundary, row: Mapping[str, Any]) -> None:
        if row["source"] == "learned":
            self._learned[of.project][of] = contract_in(orjson.loads(row["learned"]))
        else:
            self._told[of.project][of] = Told.kept(row)


def _at(boundaries: Collection[Boundary]) -> dict[str, object]:
    return {
        "projects": sorted({of.project for of in boundaries}),
        "places": sorted(of.place for of in boundaries),
    }


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _now_us() -> int:
    return time_ns() // 1_000
