"""Reads what the checklist rests on: facts of the store, and findings about each agent."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analytics.api.models import Finding
from analytics.checklist.answer import answers
from analytics.checklist.facts import Answer, Facts
from analytics.detectors.effect import MUTATING, READING
from analytics.findings.filters import Filters
from analytics.findings.ledger import FindingLedger
from analytics.rfc3339 import unix_ns
from collector.store.statement import statement
from collector.store.store import Store

# Of the traces of the time that is looked at, about: the memory and the time that it takes.
STEPS_MAX = 2_000_000
AGENTS_MAX = 500
FINDINGS_MAX = 10_000
_PAGE = 1_000
# Tools that take back what was done.
UNDOING = r"(?i)^(cancel|refund|undo|roll_?back|revert|compensate|void|delete|remove)($|[^a-z])"


@dataclass(frozen=True, slots=True)
class Checked:
    """One agent and its answers."""

    facts: Facts
    answers: Sequence[Answer]


def check(
    store: Store, ledger: FindingLedger, project: str, start: datetime, end: datetime, agent: str = ""
) -> list[Checked]:
    """Answer the questions of each agent by what was seen in [start, end); '' is every agent."""
    rows = store.query(
        statement(__package__, "agent_facts.sql"),
        {
            "project": project,
            "agent": agent,
            "since_ns": unix_ns(start),
            "until_ns": unix_ns(end),
            "steps_max": STEPS_MAX,
            "agents_max": AGENTS_MAX,
            "mutating": MUTATING,
            "reading": READING,
            "undoing": UNDOING,
        },
    )
    found = _findings(ledger, project, Filters(agent=agent or None, seen_from=start, seen_to=end))
    facts = [Facts(**row) for row in rows]
    return [Checked(one, answers(one, found.get(one.agent, ()))) for one in facts]


def _findings(ledger: FindingLedger, project: str, filters: Filters) -> Mapping[str, Sequence[Finding]]:
    """Return findings by agent."""
    found: defaultdict[str, list[Finding]] = defaultdict(list)
    cursor, read = None, 0
    while read < FINDINGS_MAX:
        page = ledger.list(project, filters, cursor=cursor, limit=_PAGE)
        for finding in page.items:
            for agent in dict.fromkeys(finding.agents):
                found[agent].append(finding)
        read += len(page.items)
        cursor = page.next
        if cursor is None:
            break
    return found
