"""`python -m bench.contracts`: false breaks of clean calls, and planted faults, on tools of two splits.

Numbers were chosen on the tools of ``tuning``; those of ``report`` were looked at once they stood.
"""

import argparse
import json
import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from analytics.contracts.learned import Learned
from analytics.contracts.payload import payload
from bench.contracts.faults import FAULTS
from bench.contracts.tools import Tool

SPLITS = {"tuning": 0, "report": 100_000}
# One call in so many is spoilt in the second half.
SPOILT_ONE_IN = 100


@dataclass
class Score:
    """What came of calls."""

    judged: int = 0
    false: int = 0
    drifts: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    beside: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tools", type=int, default=200)
    parser.add_argument("--calls", type=int, default=5_000, help="clean ones of each tool; as many follow")
    parser.add_argument("--split", choices=SPLITS, default="report")
    asked = parser.parse_args()
    score, began_s = Score(), time.process_time()
    for number in range(asked.tools):
        one_tool(SPLITS[asked.split] + number, asked.calls, score)
    report(score, time.process_time() - began_s, 2 * asked.tools * asked.calls)


def one_tool(seed: int, calls: int, score: Score) -> None:
    tool, chance, learned = Tool(seed), random.Random(seed), Learned[int]()
    clean = run(learned, ((json.dumps(tool.result(chance)), "") for _ in range(calls)))
    score.judged += clean.judged
    score.false += len(clean.broken)
    score.wrong.update(clean.broken.values())
    score.drifts += len(learned.drifts)
    spoilt = run(learned, (_spoilt(tool, chance) for _ in range(calls)))
    score.planted.update(spoilt.planted.values())
    score.found.update(fault for call, fault in spoilt.planted.items() if call in spoilt.broken)
    score.beside += len(spoilt.broken.keys() - spoilt.planted.keys())


@dataclass
class Run:
    """Calls one after another: which were planted, and which broken in the end, by their number."""

    judged: int = 0
    planted: dict[int, str] = field(default_factory=dict)
    broken: dict[int, str] = field(default_factory=dict)


def run(learned: Learned[int], calls: Iterable[tuple[str, str]]) -> Run:
    done = Run()
    for number, (text, fault) in enumerate(calls):
        if fault:
            done.planted[number] = fault
        verdict = learned.judge(payload(text), number, number)
        done.judged += verdict.word != "unjudged"
        for call, violations in (*verdict.earlier, (number, verdict.violations)):
            if verdict.word == "broken":
                done.broken[call] = violations[0].cause
            else:
                done.broken.pop(call, None)
    return done


def _spoilt(tool: Tool, chance: random.Random) -> tuple[str, str]:
    value = tool.result(chance)
    text = json.dumps(value)
    if chance.randrange(SPOILT_ONE_IN):
        return text, ""
    fault = chance.choice(list(FAULTS))
    spoilt = FAULTS[fault](value, chance)
    return (spoilt, fault) if spoilt else (text, "")


def report(score: Score, cpu_s: float, calls: int) -> None:
    found, planted = score.found.total(), score.planted.total()
    print(f"clean calls judged {score.judged:,}, false breaks {score.false}", dict(score.wrong))
    print(f"  per 10,000: {10_000 * score.false / max(1, score.judged):.2f}; drifts {score.drifts}")
    print(f"planted {planted:,}, found {found:,}, beside them false {score.beside}")
    print(f"  precision {found / max(1, found + score.beside):.3f}, recall {found / max(1, planted):.3f}")
    for name in FAULTS:
        print(f"  {name}: {score.found[name]}/{score.planted[name]}")
    print(f"CPU {cpu_s:.1f} s: {1e6 * cpu_s / calls:.0f} us a call, with making it")


if __name__ == "__main__":
    main()
