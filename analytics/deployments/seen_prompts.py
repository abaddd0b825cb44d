"""Prompts and sets of tools that were seen in traces and that an agent did not have before."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from analytics.api import models
from analytics.deployments.ledger import DEPLOYMENTS_MAX
from analytics.detectors.wording import count, plain
from analytics.period import Period
from analytics.prompts.fingerprint import TRACES_MIN
from analytics.rfc3339 import rfc3339
from collector.store.statement import statement
from collector.store.store import Store

# How far back it is known what an agent had before.
KNOWN = timedelta(days=28)
# More new ones of an agent are no changes: its prompts are made up as it runs.
DAY_MAX, WEEK_MAX = 3, 10
# Tools that are named in a note.
_NAMED_MAX = 5

Row = Mapping[str, Any]


def seen_prompts(store: Store, project: str, period: Period) -> Iterator[models.Deployment]:
    """Yield the prompts and sets of tools that were first seen in a period, with what differs."""
    for row in prompt_rows(store, project, period):
        yield models.Deployment(
            id=None,
            source="seen",
            what=row["what"],
            environment=row["environment"],
            agent=row["agent"],
            version=row["fingerprint"],
            note=_note(row),
            at=rfc3339(datetime.fromtimestamp(row["hour_s"], UTC)),
        )


def prompt_rows(store: Store, project: str, period: Period) -> Sequence[Row]:
    """Return them with names of parts by hash: `parts`, and of the one before `parts_before`.

    Reads the rows of 28 days before the period, without their parts: O(hours * fingerprints of an hour).
    """
    of = {"project": project, "known_s": max(0, int((period.start - KNOWN).timestamp()))}
    bounds = {
        **period.parameters,
        **of,
        "traces_min": TRACES_MIN,
        "day_max": DAY_MAX,
        "week_max": WEEK_MAX,
        "rows_max": DEPLOYMENTS_MAX,
    }
    rows = list(store.query(statement(__package__, "seen_prompts.sql"), bounds))
    wanted = {row[name] for row in rows for name in ("fingerprint", "fingerprint_before")}
    if not wanted:
        return []
    found = store.query(
        statement(__package__, "parts_of_prompts.sql"), {**of, "fingerprints": sorted(wanted)}
    )
    parts = {row["fingerprint"]: dict(zip(row["hashes"], row["names"], strict=True)) for row in found}
    return [
        {**row, "parts": parts[row["fingerprint"]], "parts_before": parts[row["fingerprint_before"]]}
        for row in rows
    ]


def _note(row: Row) -> str:
    now, before = row["parts"], row["parts_before"]
    added = [name for hash_, name in now.items() if hash_ not in before]
    removed = [name for hash_, name in before.items() if hash_ not in now]
    if row["what"] == "prompt":
        return sentences_changed(len(added), len(removed))
    return tools_changed(added, removed)


def sentences_changed(added: int, removed: int) -> str:
    """Return how many sentences differ, in words.

    Examples
    --------
    >>> sentences_changed(1, 0), sentences_changed(2, 3), sentences_changed(0, 1)
    ('1 sentence added', '2 sentences added, 3 removed', '1 sentence removed')
    """
    told = [f"{count(added, 'sentence')} added"] if added else []
    if removed:
        told.append(f"{removed} removed" if added else f"{count(removed, 'sentence')} removed")
    return ", ".join(told)


def tools_changed(added: Sequence[str], removed: Sequence[str]) -> str:
    """Return which tools are new, gone or described otherwise, in words.

    Examples
    --------
    >>> tools_changed(["refund", "search"], ["search", "fax"])
    'refund added; fax removed; search changed'
    """
    told = (
        ([name for name in added if name not in removed], "added"),
        ([name for name in removed if name not in added], "removed"),
        ([name for name in added if name in removed], "changed"),
    )
    return "; ".join(f"{listed(names)} {how}" for names, how in told if names)


def listed(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are."""
    more = f" and {len(names) - _NAMED_MAX} more" if len(names) > _NAMED_MAX else ""
    return ", ".join(map(plain, names[:_NAMED_MAX])) + more
