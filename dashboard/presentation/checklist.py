"""The checklist: what is said of an agent's answers, and in which order agents are listed."""

from collections.abc import Sequence

from analytics.api.models import AgentChecklist, ChecklistAnswer
from dashboard.presentation.address import trace_address, traces_address
from dashboard.presentation.row import Cell, Column, Row, Table
from dashboard.presentation.tone import Tone
from dashboard.wording.amount import count, counted, listed

LIMITS = "What traces do not show is unknown, and a pass is no proof. The command doldrums check prints it."
COLUMNS = [
    Column("Question", grow=3),
    Column(""),
    Column("Why", grow=5),
    Column("Looked at", number=True),
]
_WORDS = {"pass": "pass", "fail": "FAIL", "unknown": "unknown"}
_NAMED_MAX = 4


def failing(agent: AgentChecklist) -> list[ChecklistAnswer]:
    """Return the questions that an agent fails, the worst first."""
    failed = [answer for answer in agent.answers if answer.verdict == "fail"]
    return sorted(failed, key=lambda answer: answer.severity or "S4")


def worst_first(agents: Sequence[AgentChecklist]) -> list[AgentChecklist]:
    """Return those that fail worst and most first, else as they came: the busiest first."""
    return sorted(agents, key=_badness)


def _badness(agent: AgentChecklist) -> tuple[str, int]:
    failed = failing(agent)
    return failed[0].severity or "S4" if failed else "S9", -len(failed)


def tone(agents: Sequence[AgentChecklist]) -> Tone:
    """Return the tone of the worst answer."""
    worst = [answer.severity for agent in agents for answer in failing(agent)]
    if "S1" in worst:
        return "broken"
    return "attention" if worst else "quiet"


def news(agents: Sequence[AgentChecklist]) -> tuple[str, str]:
    """Return how many agents fail a question, and what else there is."""
    if not agents:
        return (
            "No agent was seen in the last seven days.",
            "Whoever sends spans with an agent's name is asked.",
        )
    answers = [answer for agent in agents for answer in agent.answers]
    passed, unknown = (sum(answer.verdict == word for answer in answers) for word in ("pass", "unknown"))
    rest = f"{counted(passed, 'answer')} pass, {count(unknown)} are unknown."
    failed = [agent.agent for agent in agents if failing(agent)]
    if not failed:
        return f"None of {counted(len(agents), 'agent')} fails a question.", rest
    verb = "fails" if len(failed) == 1 else "fail"
    return f"{listed(failed, _NAMED_MAX)} {verb} a question.", rest


def agents_note(agent: AgentChecklist) -> str:
    """Return how much of it was seen."""
    part = f", one in {count(agent.read_one_in)} read" if agent.read_one_in > 1 else ""
    return f" · {counted(agent.traces, 'trace')}{part}"


def answers_table(agent: AgentChecklist) -> Table:
    """Return an agent's answers; a row leads to the worst trace, or to the agent's."""
    return Table(f"Answers about {agent.agent}", COLUMNS, [_row(agent, answer) for answer in agent.answers])


def _row(agent: AgentChecklist, answer: ChecklistAnswer) -> Row:
    worst = next(iter(answer.trace_ids), "")
    word = _WORDS[answer.verdict] + (f" {answer.severity}" if answer.severity else "")
    return Row(
        id=f"{answer.question.replace(' ', '_')} {worst}",
        href=trace_address(worst) if worst else traces_address(agent.agent),
        cells=[
            Cell(answer.question),
            Cell(word, badge=_tone(answer)),
            Cell(answer.sentence, note=answer.todo, hint=answer.sentence),
            Cell(count(answer.n), sort=float(answer.n)),
        ],
        tone=_tone(answer),
    )


def _tone(answer: ChecklistAnswer) -> Tone:
    if answer.verdict == "fail":
        return "broken" if answer.severity == "S1" else "failed"
    return "good" if answer.verdict == "pass" else "quiet"
