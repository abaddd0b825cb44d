"""The report: the score as tables in Markdown. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np

from bench.detectors.manifest import Case
from bench.detectors.scoring import Score, Share

Scores = Mapping[str, Score]


HEAD = Path(__file__).with_name("page_head.md")


def page(planned: int, played: int, scores: Scores) -> str:
    """Return a run as a page.

    Parameters
    ----------
    planned, played
        Cases of the manifest, and how many of them ran as planned; the others are not scored.
    """
    said = f"{planned:,} cases, {played:,} of which ran as planned.\n"
    return "\n".join([HEAD.read_text(), said, report(scores)])


def report(scores: Scores) -> str:
    """Return the tables of a run: captures are columns."""
    parts = (
        _overall(scores),
        about_faults(scores),
        _delays(scores),
        about_look_alikes(scores),
        _frameworks(scores),
        _detectors(scores),
        _wrong(scores),
    )
    return "\n\n".join("\n".join(part) for part in parts)


def share(found: Share) -> str:
    """Return a share as a person reads it: `90 % [60-98] of 10`."""
    if not found.n:
        return "-"
    low, high = found.interval
    return f"{100 * found.of / found.n:.0f} % [{100 * low:.0f}-{100 * high:.0f}] of {found.n}"


def _overall(scores: Scores) -> Iterator[str]:
    yield "## All of it\n"
    yield from head("", scores)
    rows: Mapping[str, Callable[[Score], str]] = {
        "recall, any grade": lambda s: share(s.recall(s.of(sort="fault"))),
        "recall, above suspected": lambda s: share(s.recall(s.of(sort="fault"), sure=True)),
        "precision, any grade": lambda s: share(s.precision()),
        "precision, above suspected": lambda s: share(s.precision(sure=True)),
        "clean traces": lambda s: f"{s.traces(s.of(faulty=False)):,}",
        "false alarms per 1,000 clean traces, any grade": lambda s: _per_thousand(s, sure=False),
        "the same, above suspected": lambda s: _per_thousand(s, sure=True),
        "look-alikes with a finding above suspected": lambda s: share(
            Share(_cases_with_wrong(s), len(s.of(sort="look-alike")))
        ),
        "time to detect, s: median, p95": lambda s: _times(s.delays_s(s.of(sort="fault"))),
        "findings about no case": lambda s: str(sum(judged.word == "elsewhere" for judged in s.judged)),
        "findings of severity S4": lambda s: str(sum(judged.word == "smell" for judged in s.judged)),
    }
    for name, cell in rows.items():
        yield row(name, (cell(score) for score in scores.values()))


def _per_thousand(score: Score, *, sure: bool) -> str:
    clean = score.of(faulty=False)
    found = Share(len(score.wrong_about(clean, sure=sure)), max(1, score.traces(clean)))
    low, high = found.interval if found.of <= found.n else (0.0, float("nan"))
    return f"{1000 * found.of / found.n:.1f} [{1000 * low:.1f}-{1000 * high:.1f}]"


def _cases_with_wrong(score: Score) -> int:
    return sum(bool(score.wrong_about([case], sure=True)) for case in score.of(sort="look-alike"))


def about_faults(scores: Scores) -> Iterator[str]:
    yield "## Recall by fault\n\nFound at any grade, and above suspected, of how many.\n"
    yield from head("fault", scores)
    for name in _scenarios(scores, "fault"):
        yield row(name, (_found(score, score.of(scenario=name)) for score in scores.values()))


def _found(score: Score, cases: Sequence[Case]) -> str:
    any_grade, sure = score.recall(cases), score.recall(cases, sure=True)
    return f"{any_grade.of}, {sure.of} of {any_grade.n}" if any_grade.n else "-"


def _delays(scores: Scores) -> Iterator[str]:
    yield "## Time to detect, s\n\nFrom when the fault took hold until its first finding: median, p95.\n"
    yield from head("fault", scores)
    for name in _scenarios(scores, "fault"):
        yield row(name, (_times(score.delays_s(score.of(scenario=name))) for score in scores.values()))


def _times(delays_s: Sequence[float]) -> str:
    if not delays_s:
        return "-"
    median, p95 = np.quantile(delays_s, [0.5, 0.95])
    return f"{median:.0f}, {p95:.0f}"


def about_look_alikes(scores: Scores) -> Iterator[str]:
    yield "## Findings about look-alikes\n\nSuspected, and above, about how many.\n"
    yield from head("look-alike", scores)
    for name in _scenarios(scores, "look-alike"):
        yield row(name, (_alarms(score, name) for score in scores.values()))


def _alarms(score: Score, name: str) -> str:
    cases = score.of(scenario=name)
    found, sure = score.wrong_about(cases), score.wrong_about(cases, sure=True)
    return f"{len(found) - len(sure)}, {len(sure)} of {len(cases)}"


def _frameworks(scores: Scores) -> Iterator[str]:
    yield "## Recall by framework\n"
    yield from head("framework", scores)
    for name in names(case.framework for score in scores.values() for case in score.cases):
        yield row(
            name,
            (share(score.recall(score.of(sort="fault", framework=name))) for score in scores.values()),
        )


def _detectors(scores: Scores) -> Iterator[str]:
    yield "## Precision by detector\n\nOf its findings about a case, at any grade.\n"
    yield from head("detector", scores)
    for name in sorted({judged.finding["detector"] for s in scores.values() for judged in s.judged}):
        yield row(name, (share(score.precision(detector=name)) for score in scores.values()))


def _wrong(scores: Scores) -> Iterator[str]:
    """Yield what was wrong, so that somebody can look into it."""
    yield "## What was wrong\n"
    yield "| capture | detector | grade | about | findings |\n|---|---|---|---|---|"
    for capture, score in scores.items():
        by_id = {case.id: case for case in score.cases}
        wrong = Counter(
            (judged.finding["detector"], judged.finding["grade"], _about(judged.cases, by_id))
            for judged in score.judged
            if judged.word == "wrong"
        )
        for (detector, grade, about), n in sorted(wrong.items()):
            yield f"| {capture} | {detector} | {grade} | {about} | {n} |"


def _about(ids: Sequence[str], by_id: Mapping[str, Case]) -> str:
    cases = [by_id[each] for each in ids if each in by_id]
    return ", ".join(names(f"{'' if case.faulty else 'clean '}{case.scenario}" for case in cases))


def _scenarios(scores: Scores, sort: str) -> list[str]:
    return names(case.scenario for score in scores.values() for case in score.of(sort=sort))


def names(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))


def head(corner: str, columns: Iterable[str]) -> Iterator[str]:
    cells = list(columns)
    yield row(corner, cells)
    yield "|---" * (len(cells) + 1) + "|"


def row(first: str, cells: Iterable[str]) -> str:
    return f"| {' | '.join(chain([first], cells))} |"
