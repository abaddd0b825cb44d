"""Agents and their checklists, as the API answers."""

from analytics.api.models import AgentChecklist, Checklist, ChecklistAnswer, Severity
from tests.dashboard import fleet

QUESTIONS = (
    "Are all waits bounded?",
    "Are retries safe?",
    "Are outputs validated at each boundary?",
    "Are there no dependency cycles?",
    "Does each state have an owner, and what happens on partial failure?",
)


def checked(agents: int) -> Checklist:
    """Return so many agents; of three the first passes what it can, the others fail."""
    names = ["researcher", "planner", "billing", *(f"agent {number}" for number in range(3, agents))]
    made = [_agent(name, place) for place, name in enumerate(names[:agents])]
    return Checklist(
        items=made, since="2026-11-16T09:03:11.000000000Z", until="2026-11-23T09:03:11.000000000Z"
    )


def _agent(name: str, place: int) -> AgentChecklist:
    answers = [_answer(question) for question in QUESTIONS]
    answers[0] = _answer(QUESTIONS[0], "pass", "None of 1,204 waits was seen without an end.", n=1_204)
    if place == 1:
        said = "planner, coder, tester and writer wait for each other in a ring since 09:01:11 UTC"
        answers[0] = _answer(
            QUESTIONS[0], "fail", said, n=310, severity="S1", todo="Give each wait a timeout."
        )
    if place == 2:
        said = "billing called issue_refund with the same arguments 20.1 s after it had"
        answers[1] = _answer(QUESTIONS[1], "fail", said, n=12, severity="S2", todo="Send idempotency keys.")
    return AgentChecklist(agent=name, traces=400 - place, read_one_in=1, answers=answers)


def _answer(
    question: str,
    verdict: str = "unknown",
    sentence: str = "Nothing of it was seen.",
    *,
    n: int = 0,
    severity: Severity | None = None,
    todo: str = "",
) -> ChecklistAnswer:
    return ChecklistAnswer.model_validate(
        {
            "question": question, "verdict": verdict, "sentence": sentence, "n": n, "severity": severity,
            "trace_ids": [fleet.STUCK_TRACE] if severity else [], "finding_ids": [], "todo": todo,
        }
    )  # fmt: skip
