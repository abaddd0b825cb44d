"""Reads contracts for people: which boundaries there are, how they are kept, and what was learned."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from analytics.api import models
from analytics.contracts.boundary import Boundary
from analytics.contracts.export import exported
from analytics.contracts.learned_schema import CALLS_MIN
from analytics.contracts.user import UserContract
from analytics.period import Period
from analytics.rfc3339 import rfc3339, unix_ns
from collector.store.rows import Rows
from collector.store.statement import statement
from collector.store.store import Store

BOUNDARIES_MAX = 500
BREAKS_MAX = 100
EXAMPLES_MAX = 5
CONTRACTS_MAX = 20
EXPORTED_MAX = 1_000
# Of the time that is asked for.
INTERVALS = 48

Row = Mapping[str, Any]


class ContractReader:
    """Reads the contracts of one project.

    Parameters
    ----------
    user
        Of all projects.
    """

    def __init__(self, store: Store, user: Sequence[UserContract], project: str) -> None:
        self._store = store
        self._user = [contract for contract in user if contract.project in {"", project}]
        self._project = project

    def boundaries(self, period: Period, boundary: str = "") -> models.ContractBoundaries:
        """Return the boundaries that were broken most first, and user contracts of which no call was seen."""
        rows = self._in(period, "list_contracts.sql", boundary=boundary, rows_max=BOUNDARIES_MAX)
        seen = [_boundary(row) for row in rows]
        unseen = [] if boundary or period.environment else list(self._unseen(seen))
        total = (int(rows[0]["total"]) if rows else 0) + len(unseen)
        return models.ContractBoundaries(items=[*seen, *unseen], total=total, calls_min=CALLS_MIN)

    def boundary(self, period: Period, boundary: str) -> models.ContractDetail | None:
        """Return one of them with its contracts and how they were broken."""
        found = self.boundaries(period, boundary).items
        if not found:
            return None
        breaks = self._in(
            period, "breaks_of.sql", boundary=boundary, rows_max=BREAKS_MAX, examples_max=EXAMPLES_MAX
        )
        interval_us = max(1, (unix_ns(period.end) - unix_ns(period.start)) // 1000 // INTERVALS)
        rates = self._in(period, "pass_rates.sql", boundary=boundary, interval_us=interval_us)
        return models.ContractDetail(
            boundary=found[0],
            contracts=[*self._written(found[0]), *map(_contract, self._kept(boundary))],
            breaks=[_break(row) for row in breaks],
            history=[
                models.PassRate(
                    start=rfc3339(row["began_us"] * 1000), checked=row["checked"], broken=row["broken"]
                )
                for row in rates
            ],
        )

    def learned(self) -> models.LearnedContracts:
        """Return what was learned, of each boundary by the version that was seen last."""
        newest: dict[str, dict[str, Any]] = {}
        for row in self._kept("", source="learned", rows_max=EXPORTED_MAX):
            of = Boundary(self._project, *(row[name] for name in _OF))
            newest.setdefault(row["boundary"], exported(of, orjson.loads(row["schema"]), row["calls"]))
        items = sorted(newest.values(), key=lambda one: sorted(one["x-boundary"].items()))
        return models.LearnedContracts(items=items)

    def _kept(self, boundary: str, source: str = "", rows_max: int = CONTRACTS_MAX) -> Rows:
        parameters = {
            "project": self._project,
            "boundary": boundary,
            "source": source,
            "rows_max": rows_max,
        }
        return self._store.query(statement(__package__, "contracts_of.sql"), parameters)

    def _written(self, boundary: models.ContractBoundary) -> Iterator[models.Contract]:
        of = _place(self._project, boundary)
        for contract in self._user:
            if contract.holds_at(of):
                schema = orjson.dumps(contract.document).decode()
                yield models.Contract(
                    source="user", version=None, calls=0, json_schema=schema, problem=None, drifts=[]
                )

    def _unseen(self, seen: Sequence[models.ContractBoundary]) -> Iterator[models.ContractBoundary]:
        places = [_place(self._project, one) for one in seen]
        for contract in self._user:
            if not any(contract.holds_at(place) for place in places):
                yield _never_seen(contract.boundary(self._project))

    def _in(self, period: Period, name: str, **more: object) -> Rows:
        parameters = {
            "project": self._project,
            "environment": period.environment,
            "from_us": max(0, unix_ns(period.start) // 1000),
            "until_us": max(0, unix_ns(period.end) // 1000),
        }
        return self._store.query(statement(__package__, name), parameters | more)


_OF = ("kind", "agent", "name", "side", "agent_version")


def _place(project: str, one: models.ContractBoundary) -> Boundary:
    return Boundary(project, one.kind, one.agent or "", one.name or "", one.side, "")


def _boundary(row: Row) -> models.ContractBoundary:
    checked, broken = int(row["checked"]), int(row["broken"])
    return models.ContractBoundary(
        id=row["boundary"],
        kind=row["boundary_kind"],
        agent=row["boundary_agent"] or None,
        name=row["boundary_name"] or None,
        side=row["boundary_side"],
        source=row["source_last"] or "none",
        version=row["version_last"] or None,
        versions=row["versions"],
        calls=row["calls_seen"],
        checked=checked,
        broken=broken,
        usual=row["usual"],
        pass_rate=1 - broken / checked if checked else None,
        last_break=rfc3339(row["last_ns"]) if row["last_ns"] else None,
        learned_calls=row["calls_learned"],
    )


def _never_seen(of: Boundary) -> models.ContractBoundary:
    kind: Any = of.kind
    return models.ContractBoundary(
        id=of.id,
        kind=kind,
        agent=of.agent or None,
        name=of.name or None,
        side=of.side,
        source="user",
        version=None,
        pass_rate=None,
        last_break=None,
        **dict.fromkeys(("versions", "calls", "checked", "broken", "usual", "learned_calls"), 0),
    )


def _contract(row: Row) -> models.Contract:
    drifts = orjson.loads(row["learned"])["drifts"] if row["learned"] else []
    return models.Contract(
        source=row["source"],
        version=row["agent_version"] or None,
        calls=row["calls"],
        json_schema=row["schema"] or None,
        problem=row["problem"] or None,
        drifts=[
            models.ContractDrift(at=rfc3339(at_ns), path=path, cause=cause, got_type=got_type)
            for at_ns, path, cause, got_type in drifts
        ],
    )


def _break(row: Row) -> models.ContractBreak:
    return models.ContractBreak(
        path=row["path"],
        cause=row["cause"],
        source=row["source"],
        expected=row["expected"],
        got_type=row["got_type"],
        got=row["got"],
        calls=row["broken"],
        first=rfc3339(row["first_ns"]),
        last=rfc3339(row["last_ns"]),
        examples=row["examples"],
    )
