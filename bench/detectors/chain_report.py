"""The report of errors.toml's faults: chains, swallowed errors, duplicates, contracts. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from bench.detectors.chain_scoring import ChainScore, Edges, origin_of, path_of
from bench.detectors.manifest import Case
from bench.detectors.report import about_faults, about_look_alikes, head, names, row, share
from bench.detectors.scoring import Found

Scores = Mapping[str, ChainScore]
Cell = Callable[[ChainScore], str]
HEAD = Path(__file__).with_name("chains_head.md")


def _of_f1(edges: Edges) -> str:
    return "-" if edges.f1 is None else f"{edges.f1:.2f}"


def _is_marked(case: Case) -> bool:
    return case.scenario.startswith("marked_")


def _has_status(case: Case) -> bool:
    return not _is_marked(case)


def _per_ten_thousand(score: ChainScore) -> str:
    found = score.violations_of_clean()
    if not found.n:
        return "-"
    low, high = found.interval
    return f"{1e4 * found.of / found.n:.1f} [{1e4 * low:.1f}-{1e4 * high:.1f}] of {found.n:,}"


# What was asked for, and what was reached.
MEASURES: Sequence[tuple[str, str, Cell]] = (
    ("edges of error chains: F1", ".9", lambda s: _of_f1(s.edges())),
    ("precision", "", lambda s: share(s.edges().precision)),
    ("recall", "", lambda s: share(s.edges().recall)),
    ("origin of explicit chains", ".95", lambda s: share(s.origins())),
    ("outcome of explicit chains", "", lambda s: share(s.outcomes())),
    ("`error_chain`: precision", "", lambda s: share(s.precision("error_chain"))),
    ("`error_chain`: recall", "", lambda s: share(s.recall("error_chain"))),
    ("`swallowed_error`: precision", ".8", lambda s: share(s.precision("swallowed_error"))),
    (
        "recall, a status says the error",
        ".7",
        lambda s: share(s.recall("swallowed_error", wanted=_has_status)),
    ),
    (
        "recall, the answer alone says it",
        ".7",
        lambda s: share(s.recall("swallowed_error", wanted=_is_marked)),
    ),
    ("the first who acted on it is right", "", lambda s: share(s.consumers())),
    ("`duplicate_effect`: confirmed, and the ledger says so", ".98", lambda s: share(s.paid_twice())),
    ("recall, any grade", "", lambda s: share(s.recall("duplicate_effect"))),
    ("`contract_break`: precision", ".9", lambda s: share(s.precision("contract_break"))),
    ("recall", "", lambda s: share(s.recall("contract_break"))),
    ("false, per 10,000 clean calls", "< 1", _per_ten_thousand),
    ("wrong value: who said it is the first suspect", "", lambda s: share(s.culprits(1))),
    ("among three", "", lambda s: share(s.culprits(3))),
    ("look-alikes with a false finding, any grade", "0", lambda s: share(s.alarms(_look_alikes(s)))),
    ("above suspected", "0", lambda s: share(s.alarms(_look_alikes(s), sure=True))),
    ("clean traces with a false finding, any grade", "", lambda s: share(s.alarms(_clean(s)))),
)
# Those that are shown of each framework.
BY_FRAMEWORK = (
    ("edges: F1", lambda s: _of_f1(s.edges())),
    ("origin", lambda s: share(s.origins())),
    ("swallowed: precision", lambda s: share(s.precision("swallowed_error"))),
    ("recall", lambda s: share(s.recall("swallowed_error", wanted=_has_status))),
    ("duplicates: recall", lambda s: share(s.recall("duplicate_effect"))),
    ("contracts: recall", lambda s: share(s.recall("contract_break"))),
    ("look-alikes", lambda s: share(s.alarms(_look_alikes(s)))),
)


def page(planned: int, played: int, scores: Scores) -> str:
    """Return a run as a page.

    Parameters
    ----------
    planned, played
        Cases of the manifest, and how many of them ran as planned; the others are not scored.
    """
    said = f"{planned:,} cases, {played:,} of which ran as planned.\n"
    plain = {capture: each.score for capture, each in scores.items()}
    parts = (
        _overall(scores),
        _frameworks(scores),
        about_faults(plain),
        about_look_alikes(plain),
        _misread(scores),
        _wrong(scores),
    )
    return "\n".join([HEAD.read_text(), said, "\n\n".join("\n".join(part) for part in parts)])


def _overall(scores: Scores) -> Iterator[str]:
    yield "## All of it\n"
    yield row("", ["wanted", *scores])
    yield "|---" * (len(scores) + 2) + "|"
    for name, wanted, cell in MEASURES:
        yield row(name, [wanted, *(cell(score) for score in scores.values())])


def _frameworks(scores: Scores) -> Iterator[str]:
    yield "## By framework"
    for capture, score in scores.items():
        yield f"\n{capture}:\n"
        yield from head("framework", [name for name, _ in BY_FRAMEWORK])
        for framework in names(case.framework for case in score.score.cases):
            only = score.only(framework)
            yield row(framework, [cell(only) for _, cell in BY_FRAMEWORK])


def _wrong(scores: Scores) -> Iterator[str]:
    """Yield what is not true of a case, so that somebody can look into it."""
    yield "## What was wrong\n"
    rows = [
        f"| {capture} | {detector} | {grade} | {framework} | {about} | {n} |"
        for capture, score in scores.items()
        for (detector, grade, framework, about), n in sorted(Counter(map(_said, score.wrong())).items())
    ]
    head = "| capture | detector | grade | framework | about | cases |\n|---|---|---|---|---|---|"
    yield from [head, *rows] if rows else ["Nothing."]


def _said(wrong: tuple[Case, Found]) -> tuple[str, str, str, str]:
    case, finding = wrong
    about = f"{'' if case.faulty else 'clean '}{case.scenario}"
    return finding["detector"], finding["grade"], case.framework, about


def _misread(scores: Scores) -> Iterator[str]:
    """Yield explicit chains that are not as they were planted, so that somebody can look into it."""
    yield "## Chains that were read otherwise\n"
    yield "| capture | framework | fault | planted | read | cases |\n|---|---|---|---|---|---|"
    for capture, score in scores.items():
        found = Counter(
            (case.framework, case.scenario, _planted(case), _read(score, case))
            for case in score.faulty
            if case.truth.path and score.is_explicit(case)
        )
        for (framework, scenario, planted, read), n in sorted(found.items()):
            if planted != read:
                yield f"| {capture} | {framework} | {scenario} | {planted} | {read} | {n} |"


def _planted(case: Case) -> str:
    return f"{_way('/'.join(case.truth.origin), case.truth.path)}: {case.truth.outcome}"


def _read(score: ChainScore, case: Case) -> str:
    ways = {
        f"{_way('/'.join(origin_of(case, chain)), path_of(case, chain))}: {chain.outcome}"
        for chain in score.chains(case)
    }
    return "; ".join(sorted(ways)) or "-"


def _way(origin: str, path: list[str] | tuple[str, ...]) -> str:
    return " > ".join([origin, *path[1:]])


def _look_alikes(score: ChainScore) -> list[Case]:
    return score.score.of(sort="look-alike")


def _clean(score: ChainScore) -> list[Case]:
    return score.score.of(faulty=False)
