"""Series as the monitor leaves them: counted hours, what was learned of them, looks and alarms."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from analytics.api.drift_models import Explanation, LevelShift, ShareShift
from analytics.drift.bins import bins_of
from analytics.series.counts import Place
from analytics.series.key import SeriesKey
from analytics.series.learned import Learned, Wanted
from analytics.series.learning import learn
from analytics.series.looked import Looked
from analytics.series.records import Alarm, Records
from collector.store.store import Store

HOUR_S = 3_600
NOW = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
NOW_S = int(NOW.timestamp())
MIDNIGHT = NOW.replace(hour=0)
# A reference of 14 days ended three days ago.
LEARNED_UNTIL = MIDNIGHT - timedelta(days=3)
LEARNED_FROM = LEARNED_UNTIL - timedelta(days=14)
TRACE = "ab" * 16

DURATION = SeriesKey("default", "prod", "coder", "chat", "gpt-5", "duration")
TOOL = SeriesKey("default", "prod", "coder", "execute_tool", "", "tool")

_COUNTS = pa.schema(
    [
        ("hour", pa.timestamp("s", "UTC")),
        *((name, pa.string()) for name in SeriesKey._fields),
        ("agent_version", pa.string()),
        ("category", pa.string()),
        ("bin", pa.int16()),
        ("n", pa.uint64()),
        ("traces", pa.uint64()),
        ("version", pa.uint64()),
    ]
)


def place(store: Store, key: SeriesKey) -> Place:
    """Return the series' number, as ClickHouse has it."""
    names = SeriesKey._fields[1:]
    sql = f"SELECT toString(sipHash64({', '.join(f'{{{name}:String}}' for name in names)})) AS number"
    (row,) = store.query(sql, key._asdict())
    return Place(key.project, int(row["number"]))


def series_of(store: Store, key: SeriesKey) -> str:
    """Return the series' id in the API."""
    return f"{place(store, key).series:016x}"


def count(store: Store, key: SeriesKey, hours: range, **more: Any) -> None:
    """Count 100 calls in each of the hours that are so long ago: values around `median`, or `categories`."""
    categories: dict[str, int] = more.get("categories", {})
    rows = []
    for ago in hours:
        hour_s = NOW_S - ago * HOUR_S
        if categories:
            counted = [(word, 0, n) for word, n in categories.items()]
        else:
            # the same spread each hour, and a median that moves from hour to hour
            at = more.get("median", 0.5) * np.exp(0.05 * np.sin(hour_s // HOUR_S * 1.7))
            spread = np.exp(0.8 * np.linspace(-2, 2, 100)) * at
            bins, n = np.unique(bins_of(spread), return_counts=True)
            counted = [("", int(bin_), int(each)) for bin_, each in zip(bins, n, strict=True)]
        rows += [
            {
                "hour": hour_s, **key._asdict(), "agent_version": "", "category": word, "bin": bin_,
                "n": n, "traces": n if not number else 0, "version": more.get("version", 1),
            }
            for number, (word, bin_, n) in enumerate(counted)
        ]  # fmt: skip
    store.insert("drift_counts", pa.Table.from_pylist(rows, schema=_COUNTS))


def hours_ago(start: datetime, end: datetime) -> range:
    """Return how many hours ago the hours of [start, end) are."""
    return range(int((NOW - start).total_seconds()) // HOUR_S, int((NOW - end).total_seconds()) // HOUR_S, -1)


def learned(store: Store, *keys: SeriesKey) -> None:
    """Learn references of what was counted, and write them down."""
    records = Records(store)
    for key in keys:
        where = place(store, key)
        wanted = [Wanted(where, LEARNED_FROM, LEARNED_UNTIL)]
        kept = learn(store, key.project, key.environment, key.metric, wanted)[where]
        from_s, until_s = int(LEARNED_FROM.timestamp()), int(LEARNED_UNTIL.timestamp())
        records.write_references({where: Learned(key, from_s, until_s, kept)})


def warming(store: Store, key: SeriesKey, days: int) -> None:
    """Write down that a series is known for so long."""
    # never from a midnight on, which would be a whole day more: tests also run in the hour after it
    began_s = NOW_S - days * 24 * HOUR_S + 60
    Records(store).write_references({place(store, key): Learned(key, began_s)})


def looked(store: Store, key: SeriesKey, hours: range, evidence: float, calls: int = 100) -> None:
    """Write down looks at hours that are so long ago."""
    for ago in hours:
        one = Looked(
            place(store, key), "", calls, evidence, "location", True, b"", np.zeros((1, 2, 6), np.float32)
        )
        Records(store).write_looks(NOW_S - ago * HOUR_S, [(one, 14.2)])


def alarmed(
    store: Store,
    key: SeriesKey,
    *,
    opened_ago: int = 20,
    closed_ago: int | None = None,
    closed_by: str = "",
    explanation: Explanation | str | None = None,
) -> None:
    """Write down an alarm that was told so many hours ago."""
    told = NOW_S - opened_ago * HOUR_S
    said = explanation if isinstance(explanation, str) else (explanation or slower()).model_dump_json()
    alarm = Alarm(
        change="",
        opened_s=told,
        closed_s=0 if closed_ago is None else NOW_S - closed_ago * HOUR_S,
        began_s=told - 3 * HOUR_S,
        began_first_s=told - 4 * HOUR_S,
        began_last_s=told - 2 * HOUR_S,
        bet=0,
        evidence=21.3,
        threshold=14.2,
        explanation=said,
    )
    Records(store).write_alarm(place(store, key), key, alarm, closed_by)


def slower() -> Explanation:
    return Explanation(
        headline="half the calls now take twice as long: median 500 -> 1000 ms",
        moved="location",
        is_up=True,
        greater=0.8,
        levels=[LevelShift(level=0.5, before=0.5, after=1.0, low=0.4, high=0.6)],
        traces_before=[TRACE],
        traces_after=[TRACE],
    )


def other_tool(category: str = "browse") -> Explanation:
    return Explanation(
        headline="a tool is taken more often",
        moved=category,
        is_up=True,
        shares=[ShareShift(category=category, before=0.1, after=0.4, low=0.25, high=0.35)],
    )
