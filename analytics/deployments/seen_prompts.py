"""Prompts and sets of tools that were seen in traces and that an agent did not have before."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from analytics.api import models
from analytics.deployments.ledger import DEPLOYMENTS_MAX
from analytics.period import Period
from analytics.prompts.fingerprint import TRACES_MIN
from analytics.rfc3339 import rfc3339
from collector.store.rows import Rows
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


def prompt_rows(store: Store, project: str, period: Period) -> Rows:
    """Return them with the hashes of their parts, and of those of the one before."""
    parameters = {
        **period.parameters,
        "project": project,
        "known_s": max(0, int((period.start - KNOWN).timestamp())),
        "traces_min": TRACES_MIN,
        "day_max": DAY_MAX,
        "week_max": WEEK_MAX,
        "rows_max": DEPLOYMENTS_MAX,
    }
    return store.query(statement(__package__, "seen_prompts.sql"), parameters)


def _note(row: Row) -> str:
    before = dict(zip(row["hashes_before"], row["names_before"], strict=True))
    now = dict(zip(row["hashes"], row["names"], strict=True))
    came, went = ([a[one] for one in a if one not in b] for a, b in ((now, before), (before, now)))
    return sentences_changed(len(came), len(went)) if row["what"] == "prompt" else tools_changed(came, went)


def sentences_changed(came: int, went: int) -> str:
    """Return how many sentences differ, in words.

    Examples
    --------
    >>> sentences_changed(1, 0), sentences_changed(2, 3), sentences_changed(0, 0)
    ('1 sentence came', '2 sentences came, 3 went', 'in another order')
    """
    told = [f"{came} sentence{'s' if came > 1 else ''} came"] if came else []
    if went:
        told.append(f"{went} went" if came else f"{went} sentence{'s' if went > 1 else ''} went")
    return ", ".join(told) or "in another order"


def tools_changed(came: Sequence[str], went: Sequence[str]) -> str:
    """Return which tools are new, gone or described otherwise, in words.

    Examples
    --------
    >>> tools_changed(["refund", "search"], ["search", "fax"])
    'refund came; fax went; search is described otherwise'
    """
    both = [name for name in came if name in went]
    told = (
        (_named(name for name in came if name not in both), "came"),
        (_named(name for name in went if name not in both), "went"),
        (_named(both), "is described otherwise" if len(both) == 1 else "are described otherwise"),
    )
    return "; ".join(f"{names} {how}" for names, how in told if names)


def _named(names: Iterator[str] | Sequence[str]) -> str:
    every = list(dict.fromkeys(names))
    more = f" and {len(every) - _NAMED_MAX} more" if len(every) > _NAMED_MAX else ""
    return ", ".join(every[:_NAMED_MAX]) + more
