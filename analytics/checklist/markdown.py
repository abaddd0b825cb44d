"""The checklist as Markdown, to print or to send. Pure."""

from collections.abc import Iterator, Sequence

from analytics.api.models import AgentChecklist, ChecklistAnswer

_MARKS = {"pass": "PASS", "fail": "**FAIL**", "unknown": "unknown"}
# Names and titles come from outside: what Markdown reads is said to be text.
_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_[]<>|~&"})


def markdown(agents: Sequence[AgentChecklist], since: str, until: str) -> str:
    """Return a page with a table for each agent."""
    return "\n".join(_lines(agents, since, until)) + "\n"


def _lines(agents: Sequence[AgentChecklist], since: str, until: str) -> Iterator[str]:
    yield "# Checklist"
    yield ""
    yield f"Traces from {since[:19]}Z to {until[:19]}Z. What traces do not show is unknown; PASS is no proof."
    for agent in agents:
        yield ""
        yield f"## {text(agent.agent)} ({agent.traces:,} traces)"
        yield ""
        yield "| question | | why | n | what to do |"
        yield "|---|---|---|---|---|"
        yield from map(_row, agent.answers)
    if not agents:
        yield ""
        yield "No agent was seen."


def _row(answer: ChecklistAnswer) -> str:
    mark = _MARKS[answer.verdict] + (f" {answer.severity}" if answer.severity else "")
    worst = f" Worst: {', '.join(answer.trace_ids)}." if answer.trace_ids else ""
    return f"| {answer.question} | {mark} | {text(answer.sentence)}{worst} | {answer.n:,} | {answer.todo} |"


def text(words: str) -> str:
    r"""Return words as Markdown that shows them as they are, on one line.

    Examples
    --------
    >>> print(text("a|b *c*"))
    a\|b \*c\*
    """
    return " ".join(words.split()).translate(_SPECIAL)
