"""Deadlocks among dining philosophers: misses, false alarms and delay of the detector, beside floors.

    python -m bench.detectors.dpbench [FOLDER of the recorded episodes]

The recorded episodes are of DPBench (`../shared/data/README.md`), where every ring is final. Those that
are played here are harder: in them rings resolve by themselves, and philosophers act in turn.
"""

import gzip
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from analytics.baselines.learned_limits import LearnedLimits
from analytics.detectors.deadlock import Deadlock
from analytics.detectors.detector import OPEN_EVERY_S, Window
from bench.detectors.philosophers import NOBODY, Episode, Play, is_ring, play
from bench.detectors.reports import Reporting, Reports, moment

FOLDER = Path("../shared/data/dpbench")
# When it raised an alarm, in seconds, if it did.
Rule = Callable[[Episode, int], float | None]
NO_LIMITS = LearnedLimits({})


def detector(reporting: Reporting) -> Rule:
    """Return the detector, looking as the service does: every two seconds, or after each step."""

    def alarm(episode: Episode, seed: int) -> float | None:
        reports = Reports(episode, reporting, seed)
        for now_s in _looks(reports, reporting):
            outcome = Deadlock().detect(reports.rows(now_s), Window(moment(now_s)), NO_LIMITS)
            if any(finding.grade == "confirmed" for finding in outcome.findings):
                return now_s
        return None

    return alarm


def naive(reporting: Reporting) -> Rule:
    """Return the rule that takes the last report of each philosopher for what is so now."""

    def alarm(episode: Episode, seed: int) -> float | None:
        reports = Reports(episode, reporting, seed)
        for now_s in _looks(reports, reporting):
            rows = reports.rows(now_s)
            holders = [NOBODY] * len(episode.states[0])
            for row in sorted((row for row in rows if row["holds"]), key=lambda row: row["last_seen_ns"]):
                holders[int(row["holds"].removeprefix("fork "))] = int(row["agent"][1:])
            if is_ring(tuple(holders)):
                return now_s
        return None

    return alarm


def always(episode: Episode, seed: int) -> float | None:  # noqa: ARG001
    return episode.ends_s[0]


def holders(episode: Episode, seed: int) -> float | None:  # noqa: ARG001
    """Alarm at a circle of holders after any step, as if everything were seen at once."""
    rings = (end_s for state, end_s in zip(episode.states, episode.ends_s, strict=True) if is_ring(state))
    return next(rings, None)


def _looks(reports: Reports, reporting: Reporting) -> Iterator[float]:
    if not reporting.beat_s:
        yield from (end_s + 0.01 for end_s in reports.ends_s)
        return
    now_s = OPEN_EVERY_S
    while now_s < reports.ends_s[-1] + OPEN_EVERY_S:
        yield now_s
        now_s += OPEN_EVERY_S


@dataclass(frozen=True)
class Score:
    """How a rule did. An alarm before the ring closed is a false one, and the ring missed."""

    hits: int
    misses: int
    false_alarms: int
    silent: int
    delays_s: Sequence[float]
    delays_steps: Sequence[int]


def score(rule: Rule, episodes: Sequence[Episode]) -> Score:
    """Judge each episode by a rule."""
    counts: defaultdict[str, int] = defaultdict(int)
    delays_s, delays_steps = [], []
    for seed, episode in enumerate(episodes):
        at_s = rule(episode, seed)
        closed_s = episode.ends_s[-1] if episode.deadlock else None
        if at_s is not None and (closed_s is None or at_s < closed_s):
            counts["false"] += 1
            counts["miss"] += episode.deadlock
        elif closed_s is None:
            counts["silent"] += 1
        elif at_s is None:
            counts["miss"] += 1
        else:
            counts["hit"] += 1
            delays_s.append(at_s - closed_s)
            delays_steps.append(_steps(episode, at_s))
    return Score(counts["hit"], counts["miss"], counts["false"], counts["silent"], delays_s, delays_steps)


def _steps(episode: Episode, at_s: float) -> int:
    ends_s = Reports(episode, Reporting()).ends_s
    return sum(episode.ends_s[-1] < end_s <= at_s for end_s in ends_s)


def recorded(folder: Path) -> list[Episode]:
    """Read the recorded episodes; a step takes as long as its slowest answer did."""
    return [
        episode
        for path in sorted(folder.glob("*.jsonl.gz"))
        for episode in _episodes(path.name.removesuffix(".jsonl.gz"), gzip.open(path, "rb").readlines())
    ]


def _episodes(name: str, lines: Sequence[bytes]) -> Iterator[Episode]:
    steps: defaultdict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for line in lines:
        record = orjson.loads(line)
        if record["type"] == "timestep":
            steps[record["episode_id"]].append(record)
        elif record["type"] == "episode_end":
            number = record["episode_id"]
            yield Episode(f"{name} {number}", *_read(steps.pop(number)), deadlock=record["deadlock"])


def _read(steps: Sequence[Mapping[str, Any]]) -> tuple[list[tuple[int, ...]], list[float]]:
    states, ends_s, now_s = [], [], 0.0
    for step in steps:
        forks = (fork["holder"] for fork in step["table_state"]["forks"])
        states.append(tuple(NOBODY if holder is None else int(holder) for holder in forks))
        now_s += max((call["latency_ms"] for call in step["llm_calls"]), default=1_000) / 1_000
        ends_s.append(now_s)
    return states, ends_s


def played(seeds: range, patience: int = 1) -> list[Episode]:
    """Play tables of three and five, at once and in turn."""
    rules = [Play(size, sequential, patience) for size in (3, 5) for sequential in (False, True)]
    return [play(each, seed) for seed in seeds for each in rules]


def wilson(hits: int, n: int) -> str:
    """Return a share with its 95 % interval by Wilson."""
    if not n:
        return "-"
    share, z = hits / n, 1.96
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return f"{share:.3f} [{max(0.0, middle - half):.3f}, {min(1.0, middle + half):.3f}]"


def report(title: str, rules: Mapping[str, Rule], episodes: Sequence[Episode]) -> None:
    """Print a table of the rules' scores."""
    deadlocks = sum(episode.deadlock for episode in episodes)
    print(f"\n{title}: {len(episodes)} episodes, {deadlocks} deadlocks")
    print("| rule | TP | FP | FN | recall | precision | delay s, median and most | steps, most |")
    print("|---|---|---|---|---|---|---|---|")
    for name, rule in rules.items():
        found = score(rule, episodes)
        delays = (
            f"{median(found.delays_s):.1f}, {max(found.delays_s):.1f} | {max(found.delays_steps)}"
            if found.delays_s
            else "- | -"
        )
        print(
            f"| {name} | {found.hits} | {found.false_alarms} | {found.misses}"
            f" | {wilson(found.hits, found.hits + found.misses)}"
            f" | {wilson(found.hits, found.hits + found.false_alarms)} | {delays} |",
            flush=True,
        )


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    each_step, beats = Reporting(beat_s=0, end_s_max=0), Reporting()
    rules: dict[str, Rule] = {
        "always": always,
        "circle of holders": holders,
        "last reports, each step": naive(each_step),
        "last reports, every 3 s": naive(beats),
        "detector, each step": detector(each_step),
        "detector, every 3 s": detector(beats),
    }
    if folder.is_dir():
        report("Recorded (DPBench)", rules, recorded(folder))
    else:
        print(f"{folder} is not there: no recorded episodes")
    report("Played, tuning seeds", rules, played(range(100)))
    report("Played, test seeds", rules, played(range(1_000, 1_250)))
    for patience in (2, 3):
        report(f"Played, patience {patience}, test seeds", rules, played(range(1_000, 1_060), patience))


if __name__ == "__main__":
    main()
