"""What counting an hour of a fleet costs: seconds of processor, memory, and answers a second.

python -m bench.drift.counting [--steps 1800000 18000000] [--texts] [--beside 30000]
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from clickhouse_connect.driver.exceptions import DatabaseError

from analytics.prompts.prompt_counts import PromptCounts
from analytics.series.answer_counts import AnswerCounts
from analytics.series.gathered import gathered
from analytics.series.summaries import Summaries
from analytics.series.text_measures import measured
from collector.store.migrate import migrate
from collector.store.statement import statement
from collector.store.store import Store, open_store

AGENTS = 40
_FILLED = 1_500_000
_HOURS_BESIDE, _FIRST_BESIDE = 28 * 24, 12_000_000_000
_NOTED = """
INSERT INTO trace_hours (project, trace_id, hour)
SELECT DISTINCT project, trace_id, toStartOfHour(start) FROM spans"""


class Spent(NamedTuple):
    """What a part took."""

    part: str
    cpu_s: float
    elapsed_s: float
    memory_mb: float
    rows: int


def main() -> None:
    """Print a line for each part and size."""
    parser = argparse.ArgumentParser(prog="python -m bench.drift.counting", description=__doc__)
    parser.add_argument("--steps", nargs="+", type=int, default=[1_800_000, 18_000_000])
    parser.add_argument("--texts", action="store_true", help="with what models said, to be read and measured")
    parser.add_argument("--beside", type=int, default=0, help="steps in each hour of 28 days before")
    chosen = parser.parse_args()
    print(f"{'steps':>12} {'part':<10} {'cpu s':>7} {'s':>7} {'MB':>6} {'rows':>9}")
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    # the last hour of a Monday, for which the week before is read as well
    hour = today - timedelta(days=today.weekday() + 6, hours=1)
    for steps in chosen.steps:
        with tempfile.TemporaryDirectory() as folder:
            spawned(_fill, folder, hour, steps, chosen.texts, chosen.beside)
            for spent in spawned(_count, folder, hour):
                print(
                    f"{steps:>12,} {spent.part:<10} {spent.cpu_s:>7.1f} {spent.elapsed_s:>7.1f} "
                    f"{spent.memory_mb:>6.0f} {spent.rows:>9,}",
                    flush=True,
                )


def spawned(work: Callable[..., None], *arguments: object) -> Any:
    """Return what a process of its own tells, whose memory is its own."""
    spawn = multiprocessing.get_context("spawn")
    receiver, sender = spawn.Pipe()
    process = spawn.Process(target=work, args=(*arguments, sender))
    process.start()
    # without ours only its own end is open: when it dies, there is an end to wait for
    sender.close()
    told = receiver.recv()
    process.join()
    return told


def _fill(
    folder: str,
    hour: datetime,
    steps: int,
    texts: bool,  # noqa: FBT001
    beside: int,
    sender: Connection,
) -> None:
    store = open_store(f"chdb://{Path(folder) / 'store'}")
    migrate(store)
    for before in range(1, _HOURS_BESIDE + 1 if beside else 1):
        _fill_hour(store, hour - timedelta(hours=before), _FIRST_BESIDE + before * beside, beside)
    _fill_hour(store, hour, 0, steps)
    parts = -(-steps // _FILLED) if texts else 0
    for part in range(parts):
        store.command(statement(__package__, "fill_spans.sql"), {"parts": parts, "part": part})
    store.command(_NOTED)
    # as they are after a while: in few parts, in which the traces of all hours lie side by side
    with suppress(DatabaseError):
        store.command("OPTIMIZE TABLE steps FINAL")
    sender.send("filled")
    store.close()


def _fill_hour(store: Store, hour: datetime, first: int, steps: int) -> None:
    for begin in range(0, steps, _FILLED):
        of = {"hour_s": int(hour.timestamp()), "agents": AGENTS, "first": first + begin}
        store.command(statement(__package__, "fill_steps.sql"), of | {"steps": min(_FILLED, steps - begin)})


def _count(folder: str, hour: datetime, sender: Connection) -> None:
    store = open_store(f"chdb://{Path(folder) / 'store'}")
    told = [_spent("opened", lambda: 0)]
    summaries = Summaries(store)
    told.append(_spent("hour", lambda: _counted(store, summaries, hour)))
    steps = int(store.query("SELECT count() AS n FROM steps")[0]["n"])
    with gathered(store, hour):
        told.append(_spent("answers", lambda: AnswerCounts(store).count(1, steps)))
        told.append(_spent("prompts", lambda: _prompts(store, steps)))
    texts = _texts(store)
    told.append(_spent("in Python", lambda: sum(measured(text) is not None for text in texts)))
    sender.send(told)
    store.close()


def _counted(store: Store, summaries: Summaries, hour: datetime) -> int:
    summaries.count(hour, today=hour.date())
    return int(store.query("SELECT count() AS n FROM drift_counts")[0]["n"])


def _prompts(store: Store, steps: int) -> int:
    PromptCounts(store).count(1, steps)
    return int(store.query("SELECT count() AS n FROM prompt_fingerprints")[0]["n"])


def _texts(store: Store) -> list[str]:
    rows = store.query("SELECT attributes[output_key] AS text FROM spans WHERE output_key != '' LIMIT 5000")
    return [row["text"] for row in rows]


def _spent(part: str, work: Callable[[], int]) -> Spent:
    began, began_s = _cpu_s(), time.monotonic()
    rows = work()
    memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Spent(part, _cpu_s() - began, time.monotonic() - began_s, memory_mb, rows)


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
