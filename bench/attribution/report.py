"""The tables of ``python -m bench.attribution``."""

from collections import Counter
from collections.abc import Iterator, Sequence

from analytics.suspects.ranking import suspects_in, weight
from bench.attribution import floor
from bench.attribution.conversation import Gold, Log
from bench.attribution.scoring import (
    Hits,
    beside,
    beside_chance,
    beside_published,
    hits,
    share,
)
from bench.attribution.variant import VARIANTS, Variant, answers, nested

# Agent and step, per cent, of the same 126 logs as their authors give them: `../shared/data/README.md`.
PUBLISHED: Sequence[tuple[str, float | None, float | None]] = (
    ("the most frequent speaker, data/README.md", 54.0, None),
    ("first error keyword, data/README.md", 56.3, 32.5),
    ("GPT-4o all at once, with the answer (LLM)", 54.3, 12.5),
    ("GPT-4o step by step, with the answer (LLM)", 35.2, 25.5),
    ("A2P (LLM)", None, 47.5),
    ("AgenTracer-8B, without the answer (LLM)", 63.7, 37.3),
    ("Tracedown (rules only, self-reported)", None, 21.4),
)
TRACEDOWN_TOP_3 = 33.3


def attribution(logs: Sequence[Log], gold: Sequence[Gold]) -> Iterator[str]:
    """Yield what we score on labelled logs, beside every floor."""
    ours = hits(logs, gold, answers(logs, weight))
    chosen_answers, chosen = nested(logs, gold)
    chosen_hits = hits(logs, gold, chosen_answers)
    yield f"## Failed logs whose culprit people labelled (who-and-when, n = {len(logs)})\n"
    yield "Per cent, exact match, Wilson intervals at 95 %.\n"
    yield "| rule | agent | step | within 1 | within 3 | step in top 3 | agent in top 3 |"
    yield "|---|---|---|---|---|---|---|"
    yield _row("**what ships**", ours)
    yield _row("order chosen in five folds by question", chosen_hits)
    floors = _floors(logs, gold)
    for name, found in floors.items():
        yield _row(name, found)
    yield from _by_chance(logs, gold)
    yield from _published()
    yield "\nChosen in the folds:"
    yield from (
        f"- {count} of {len(chosen)}: {name}" for name, count in Counter(one.name for one in chosen).items()
    )
    yield from _beside(logs, gold, ours, floors)
    yield from _by_grade(logs, gold)
    yield from _variants(logs, gold)


def _floors(logs: Sequence[Log], gold: Sequence[Gold]) -> dict[str, Hits]:
    step = floor.best_constant(gold)
    rules: dict[str, floor.Rule] = {
        "first speaker, step 0": floor.first_speaker,
        f"best constant step, in sample ({step})": floor.constant(step),
        "first hard error's producer, else first speaker": floor.hard_error(0),
        "first error word's producer, else first speaker": floor.error_word(0),
        f"of our own: first hard error's producer, else step {step}": floor.hard_error(step),
        f"of our own: first error word's producer, else step {step}": floor.error_word(step),
    }
    return {name: hits(logs, gold, [rule(log) for log in logs]) for name, rule in rules.items()}


def _row(name: str, found: Hits) -> str:
    columns = (found.agent, found.step, found.within_1, found.within_3, found.top_3, found.top_3_agent)
    return f"| {name} | {' | '.join(share(one) for one in columns)} |"


def _frequent(logs: Sequence[Log], gold: Sequence[Gold]) -> list[bool]:
    return [floor.most_frequent_speaker(log) == label.agent for log, label in zip(logs, gold, strict=True)]


def _by_chance(logs: Sequence[Log], gold: Sequence[Gold]) -> Iterator[str]:
    yield f"| most frequent speaker | {share(_frequent(logs, gold))} | - | - | - | - | - |"
    chances = [floor.by_chance(log, label) for log, label in zip(logs, gold, strict=True)]
    agent, step = (100 * sum(each) / len(logs) for each in zip(*chances, strict=True))
    three = 100 * sum(map(floor.one_of_three_by_chance, logs)) / len(logs)
    yield f"| uniform random among who speaks | {agent:.1f} | {step:.1f} | - | - | {three:.1f} | - |"


def _published() -> Iterator[str]:
    for name, agent, step in PUBLISHED:
        three = TRACEDOWN_TOP_3 if name.startswith("Tracedown") else "-"
        yield f"| published: {name} | {agent or '-'} | {step or '-'} | - | - | {three} | - |"


def _beside(logs: Sequence[Log], gold: Sequence[Gold], ours: Hits, floors: dict[str, Hits]) -> Iterator[str]:
    yield "\n## Is what ships above the floor, at 95 % confidence?\n"
    yield "On the same logs by McNemar's exact test; published figures by our interval.\n"
    yield "| floor | agent | step | step in top 3 |"
    yield "|---|---|---|---|"
    for name, found in floors.items():
        three = beside(ours.top_3, found.top_3) if name.startswith(("first speaker", "best")) else "-"
        yield f"| {name} | {beside(ours.agent, found.agent)} | {beside(ours.step, found.step)} | {three} |"
    yield f"| most frequent speaker | {beside(ours.agent, _frequent(logs, gold))} | - | - |"
    agents, steps = zip(*(floor.by_chance(*pair) for pair in zip(logs, gold, strict=True)), strict=True)
    three = beside_chance(ours.top_3, [floor.one_of_three_by_chance(log) for log in logs])
    agent, step = beside_chance(ours.agent, agents), beside_chance(ours.step, steps)
    yield f"| uniform random | {agent} | {step} | {three} |"
    for name, *figures in PUBLISHED:
        cells = [
            "-" if figure is None else beside_published(right, figure)
            for right, figure in zip((ours.agent, ours.step), figures, strict=True)
        ]
        three = beside_published(ours.top_3, TRACEDOWN_TOP_3) if name.startswith("Tracedown") else "-"
        yield f"| published: {name} | {' | '.join(cells)} | {three} |"


def _by_grade(logs: Sequence[Log], gold: Sequence[Gold]) -> Iterator[str]:
    yield "\n## By the heaviest evidence against the first suspect\n"
    yield "| evidence | logs | agent | step |"
    yield "|---|---|---|---|"
    first = [suspects_in(log.task, log.turns)[0] for log in logs]
    kinds = [f"{suspect.evidence[0].kind}, {suspect.grade}" for suspect in first]
    found = hits(logs, gold, [[suspect.place] for suspect in first])
    for kind, count in Counter(kinds).most_common():
        agent, step = (
            [right for right, one in zip(each, kinds, strict=True) if one == kind]
            for each in (found.agent, found.step)
        )
        yield f"| {kind} | {count} | {share(agent)} | {share(step)} |"


def _variants(logs: Sequence[Log], gold: Sequence[Gold]) -> Iterator[str]:
    yield "\n## Orders of evidence that were declared, all logs\n"
    yield "The best of these is no score: it is chosen on what it is scored by.\n"
    yield "| order | agent | step | step in top 3 |"
    yield "|---|---|---|---|"
    for variant in VARIANTS:
        found = hits(logs, gold, answers(logs, variant.weight))
        ships = " (ships)" if _ships(variant, logs) else ""
        yield f"| {variant.name}{ships} | {share(found.agent)} | {share(found.step)} | {share(found.top_3)} |"


def _ships(variant: Variant, logs: Sequence[Log]) -> bool:
    return answers(logs, variant.weight) == answers(logs, weight)


def false_alarms(logs: Sequence[Log], *, correct: bool) -> Iterator[str]:
    """Yield how many runs would have a suspect with evidence that is more than suspected."""
    kinds: Counter[str] = Counter()
    for log in logs:
        evidence = [one for suspect in suspects_in(log.task, log.turns) for one in suspect.evidence]
        strong = {(one.grade, one.kind) for one in evidence if one.grade in ("confirmed", "probable")}
        kinds.update({"any"} if strong else ())
        kinds.update(f"{kind}, {grade}" for grade, kind in strong)
    which = "Correct" if correct else "For comparison, wrong"
    yield f"\n## {which} runs (ag2-math, n = {len(logs):,})\n"
    yield "With a suspect of confirmed or probable evidence.\n"
    yield "| evidence | runs | per cent |"
    yield "|---|---|---|"
    for name, count in kinds.most_common():
        yield f"| {name} | {count:,} | {share([True] * count + [False] * (len(logs) - count))} |"
