"""Prints, as Markdown, how often the faulty service is among the first that causes are charged to.

    python -m bench.rootcause [FOLDER of nezha-onlineboutique]

Every window of a fault is compared with the minute without one, by the product's code; the floors are
computed on the same spans. What was tuned was tuned on every second fault: docs/root-causes.md.
"""

import logging
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from analytics.detectors.wilson import wilson
from analytics.period import Period
from analytics.rootcause.question import Question
from analytics.rootcause.reader import Comparison, compare
from bench.rootcause.floor import FLOORS
from bench.rootcause.recorded import BEFORE_S, DATA, WINDOW_S, Fault, Recorded, load, recorded
from collector.store.migrate import migrate
from collector.store.store import Store, open_store

ROOT = "hipstershop.Frontend/Recv."
TOPS = (1, 3, 5)
# Services of the shop: what a random order finds among the first so many.
SERVICES = 10
# What most faults come to, and more.
HEAVY = 0.5

Ranking = Sequence[str]


def main() -> None:
    """Print the tables."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if not folder.is_dir():
        print(f"{folder} is not there: nothing is scored.")
        return
    day = recorded(folder)
    with tempfile.TemporaryDirectory() as name:
        store = open_store(f"chdb://{name}/store")
        migrate(store)
        load(store, Path(name), [day.usual, *day.windows, *day.before])
        for line in _report(store, day):
            print(line, flush=True)
        store.close()


def _report(store: Store, day: Recorded) -> Iterator[str]:
    began_s = time.monotonic()
    usual = _usual(day)
    found = [_compared(store, _since(fault.at_s, WINDOW_S), usual) for fault in day.faults]
    took_s = (time.monotonic() - began_s) / len(found)
    rankings = {"product": [[charge.who for charge in one.charges] for one in found]}
    for name, floor in FLOORS.items():
        rankings[name] = [floor(window, day.usual) for window in day.windows]
    yield from _scores(day, rankings)
    yield from _by_fault(day, found)
    yield f"\nA comparison took {took_s:.1f} s. {_halves(store, usual)} {_before(store, day, usual)}"


def _scores(day: Recorded, rankings: dict[str, list[Ranking]]) -> Iterator[str]:
    yield "| faults | ranking | AS@1 | AS@3 | AS@5 |"
    yield "|---|---|---|---|---|"
    every = range(len(day.faults))
    for name, numbers in {
        "all": every,
        "not tuned on": every[1::2],
        "tuned on": every[::2],
        "all with spans": [number for number in every if len(day.windows[number])],
    }.items():
        chance = " | ".join(f"{100 * top / SERVICES:.1f}" for top in TOPS)
        yield f"| {name}, {len(numbers)} | random | {chance} |"
        for ranking, orders in rankings.items():
            shares = " | ".join(_share(day.faults, orders, numbers, top) for top in TOPS)
            yield f"| {name}, {len(numbers)} | {ranking} | {shares} |"


def _share(faults: Sequence[Fault], orders: Sequence[Ranking], numbers: Sequence[int], top: int) -> str:
    right = sum(faults[number].service in orders[number][:top] for number in numbers)
    found = wilson(right, len(numbers))
    return f"{100 * found.share:.1f} [{100 * found.lower:.1f}-{100 * found.upper:.1f}]"


def _by_fault(day: Recorded, found: Sequence[Comparison]) -> Iterator[str]:
    yield "\n| fault | into | traces | rank | charged, with its weight | first cause |"
    yield "|---|---|---|---|---|---|"
    for fault, one in zip(day.faults, found, strict=True):
        names = [charge.who for charge in one.charges]
        rank = names.index(fault.service) + 1 if fault.service in names else "-"
        charged = ", ".join(f"{charge.who} {charge.weight:.2f}" for charge in one.charges[:3])
        first = f"{one.causes[0][0].mark.sort} {one.causes[0][0].mark.name}" if one.causes else "-"
        yield f"| {fault.sort} | {fault.service} | {one.failing:,} | {rank} | {charged or '-'} | {first} |"


def _halves(store: Store, usual: Period) -> str:
    """Say what is found between the halves of the minute in which nothing was wrong."""
    middle = usual.start + (usual.end - usual.start) / 2
    one = _compared(store, Period(middle, usual.end), Period(usual.start, middle))
    causes = ", ".join(f"{cause.mark.sort} {cause.mark.name}" for cause, _ in one.causes)
    return f"Between the halves of the minute without a fault: {causes or 'no cause'}."


def _before(store: Store, day: Recorded, usual: Period) -> str:
    """Say what is found in the minutes before faults, in which nothing was injected."""
    starts = [
        fault.at_s - BEFORE_S for fault, spans in zip(day.faults, day.before, strict=True) if len(spans)
    ]
    found = [_compared(store, _since(start, BEFORE_S), usual) for start in starts]
    weights = sorted(one.charges[0].weight if one.charges else 0.0 for one in found)
    return (
        f"Of {len(found)} minutes before a fault, against it: {sum(bool(one.causes) for one in found)} with a"
        f" cause, {sum(weight > HEAVY for weight in weights)} with a charge above {HEAVY},"
        f" {weights[-1]:.2f} at most."
    )


def _compared(store: Store, period: Period, earlier: Period) -> Comparison:
    return compare(store, "default", Question(period, earlier, "later"), ROOT)


def _since(at_s: int, seconds: int) -> Period:
    start = datetime.fromtimestamp(at_s, UTC)
    return Period(start, start + timedelta(seconds=seconds))


def _usual(day: Recorded) -> Period:
    began = day.usual["StartTimeUnixNano_min"].to_numpy() / 1e9
    start = datetime.fromtimestamp(int(began.min()), UTC)
    return Period(start, datetime.fromtimestamp(int(began.max()) + 1, UTC))


if __name__ == "__main__":
    main()
