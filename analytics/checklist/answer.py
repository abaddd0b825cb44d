"""Answers to the five questions, by what was seen of an agent and what was found about it. Pure.

Definition: `reference/detectors.md` 3.20. That nothing was found is no proof: below the number of
observations at which a share of 5 % would have been seen, the answer is unknown.
"""

from collections.abc import Callable, Sequence

from analytics.api.models import Finding
from analytics.checklist.facts import Answer, Facts

# Three over n is the upper end at 95 % of what was never seen (rule of three): 60 observations exclude 5 %.
OBSERVATIONS_MIN = 60
# Two traces may show a circle of calls.
CYCLE_TRACES_MIN = 2
WORST_MAX = 3


def answers(facts: Facts, findings: Sequence[Finding]) -> list[Answer]:
    """Return the answers of an agent, in order.

    Parameters
    ----------
    findings
        About this agent, of the time that was looked at; what is only suspected speaks against nobody.

    Examples
    --------
    >>> nothing = Facts("coder", 1, 5, 0, 0, 0, 0, 0, 0, (), 1)
    >>> [answer.verdict for answer in answers(nothing, [])]
    ['unknown', 'unknown', 'unknown', 'unknown', 'unknown']
    """
    sure = [finding for finding in findings if finding.grade != "suspected"]
    return [question(facts, sure) for question in _QUESTIONS]


def _bounded(facts: Facts, findings: Sequence[Finding]) -> Answer:
    question = "Are all waits bounded?"
    found = _of(findings, "missing_timeout", "deadlock", "stuck_span", "missed_deadline")
    if found:
        return _failed(question, found, facts.waits, "Give each wait a timeout, and say it in the span.")
    if facts.waits < OBSERVATIONS_MIN:
        return _unknown(
            question, f"{facts.waits:,} waits were seen; {OBSERVATIONS_MIN} are needed.", facts.waits
        )
    sentence = f"None of {facts.waits:,} waits was seen without an end or beyond its deadline."
    return Answer(question, "pass", sentence, facts.waits)


def _safe(facts: Facts, findings: Sequence[Finding]) -> Answer:
    question = "Are retries safe?"
    found = _of(findings, "duplicate_effect", "retry_storm", "retry_amplification")
    if found:
        todo = "Retry with back-off, three times at most; send idempotency keys with what changes something."
        return _failed(question, found, facts.retries, todo)
    if not facts.retries:
        return _unknown(question, "No call was seen to be made again.", 0)
    if not facts.effects:
        return _unknown(question, "No tool was seen that changes something, by its name.", facts.retries)
    if facts.retries < OBSERVATIONS_MIN:
        least = f"{facts.retries:,} calls were made again; {OBSERVATIONS_MIN} are needed."
        return _unknown(question, least, facts.retries)
    sentence = (
        f"None of {facts.retries:,} calls that were made again did something twice, or came in a storm."
    )
    return Answer(question, "pass", sentence, facts.retries)


def _validated(facts: Facts, findings: Sequence[Finding]) -> Answer:
    question = "Are outputs validated at each boundary?"
    found = _of(findings, "swallowed_error", "contract_break")
    # what was stopped at its boundary speaks for it
    found = [one for one in found if one.detector != "contract_break" or one.evidence.get("calls_consumed")]
    if found:
        return _failed(
            question, found, facts.traces, "Check what is handed on, or let who answers say what is missing."
        )
    if not facts.validated:
        return _unknown(question, "No guardrail or evaluator was seen in its traces.", facts.traces)
    if facts.validated < facts.traces:
        some = f"{facts.validated:,} of {facts.traces:,} traces have a guardrail or an evaluator."
        return _unknown(question, some, facts.traces)
    sentence = f"All of {facts.traces:,} traces have a guardrail or an evaluator, and no error was swallowed."
    return Answer(question, "pass", sentence, facts.traces)


def _acyclic(facts: Facts, findings: Sequence[Finding]) -> Answer:
    question = "Are there no dependency cycles?"
    found = _of(findings, "call_cycle")
    if found:
        return _failed(
            question, found, facts.traces, "Let one of them answer without calling the other back."
        )
    if facts.traces < CYCLE_TRACES_MIN:
        return _unknown(question, f"{facts.traces:,} traces were seen.", facts.traces)
    sentence = f"No circle of calls in {facts.traces:,} traces."
    return Answer(question, "pass", sentence, facts.traces)


def _owned(facts: Facts, _: Sequence[Finding]) -> Answer:
    question = "Does each state have an owner, and what happens on partial failure?"
    left = facts.partial - facts.partial_undone
    if left:
        return Answer(
            question,
            "fail",
            f"{left:,} traces failed after it had changed something outside, and nothing was taken back.",
            facts.partial,
            "S2",
            facts.partial_traces[:WORST_MAX],
            todo="Take back what was done when a later step fails, or do what cannot be taken back last.",
        )
    if facts.partial:
        sentence = f"After each of {facts.partial:,} partial failures something was taken back."
        return Answer(question, "pass", sentence, facts.partial)
    return _unknown(question, "No trace failed after it had changed something outside.", facts.effects)


_QUESTIONS: tuple[Callable[[Facts, Sequence[Finding]], Answer], ...] = (
    _bounded,
    _safe,
    _validated,
    _acyclic,
    _owned,
)


def _of(findings: Sequence[Finding], *detectors: str) -> list[Finding]:
    found = [finding for finding in findings if finding.detector in detectors]
    return sorted(found, key=lambda finding: (finding.severity, finding.first_seen))


def _failed(question: str, found: Sequence[Finding], n: int, todo: str) -> Answer:
    worst = found[0]
    more = f" And {len(found) - 1:,} more." if len(found) > 1 else ""
    traces = list(dict.fromkeys(trace for finding in found for trace in finding.trace_ids))
    return Answer(
        question,
        "fail",
        f"{worst.title.rstrip('.')}.{more}",
        n,
        worst.severity,
        traces[:WORST_MAX],
        [finding.id for finding in found],
        todo,
    )


def _unknown(question: str, sentence: str, n: int) -> Answer:
    return Answer(question, "unknown", sentence, n)
