"""Warming: what the series of a page that warm up still need, by how much came of them so far."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from analytics.series.key import SeriesKey
from analytics.series.learned import Learned
from analytics.series.policy import Policy
from analytics.series.pools import pool_of
from analytics.series.tally import Tally
from analytics.series.wanting import Company, wanting
from collector.store.statement import statement
from collector.store.store import Store


class Warming(NamedTuple):
    """A series that warms up: its number, its name, and since when it counts."""

    number: int
    key: SeriesKey
    from_s: int


def wanted_by(
    store: Store, project: str, policy: Policy, some: Sequence[Warming], now_s: int
) -> Mapping[int, str]:
    """Return by its number what each of some series of a project needs, in words."""
    if not some:
        return {}
    asked = {"project": project, "rows_max": 2 * len(some)}
    tallies = _rows(store, "tallies_of.sql", asked | {"series": [one.number for one in some]})
    pools = {one.number: _pool(one, tallies.get(one.number)) for one in some}
    companies = _rows(store, "companies_of.sql", asked | {"pools": sorted(set(pools.values()))})
    found: dict[int, str] = {}
    for one in some:
        known, of = _known(one, tallies.get(one.number)), companies.get(pools[one.number])
        company = Company(int(of["members"]), int(of["from_s"])) if of else Company()
        if said := wanting(policy, known, company, now_s):
            found[one.number] = said
    return found


def _rows(store: Store, name: str, asked: Mapping[str, object]) -> Mapping[int, Mapping[str, Any]]:
    return {int(row["number"]): row for row in store.query(statement(__package__, name), asked)}


def _pool(one: Warming, row: Mapping[str, Any] | None) -> int:
    """Return as what it is watched with others, or would be."""
    if one.key.is_pool:
        return one.number
    return int(row["pool"]) if row and row["pool"] else pool_of(one.key, is_sparse=True)


def _known(one: Warming, row: Mapping[str, Any] | None) -> Learned:
    if row is None:
        return Learned(one.key, one.from_s)
    tally = Tally(row["tallied_until_s"], tuple(row["day_calls"]), tuple(row["day_traces"]))
    return Learned(one.key, one.from_s, pool=int(row["pool"]), tally=tally)
