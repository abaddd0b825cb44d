"""`doldrums check`: asks the checklist of the service that runs, for people and for build pipelines."""

from datetime import datetime
from enum import StrEnum
from urllib.parse import urlencode

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analytics.api.models import Checklist
from analytics.checklist.markdown import markdown
from doldrums.errors import UserError
from doldrums.service_api import ask
from doldrums.settings import Settings

_ANSWER_S_MAX = 120.0
_STYLES = {"pass": "green", "fail": "bold red", "unknown": "dim"}


class Form(StrEnum):
    """How the answer is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


class Least(StrEnum):
    """The least severity at which a FAIL counts."""

    S1 = "S1"
    S2 = "S2"
    S3 = "S3"
    S4 = "S4"


def check(
    settings: Settings,
    *,
    since: str | None,
    since_version: str | None,
    agent: str | None,
    severity: Least,
    form: Form,
) -> int:
    """Print the checklist and return the exit code: 1 where a FAIL is as severe as said, or more so.

    Parameters
    ----------
    since
        RFC 3339; None for seven days.
    since_version
        Since this version was first seen, instead.
    agent
        None for every agent.
    """
    asked = {"from": _time(since) if since else None, "version": since_version, "agent": agent}
    query = urlencode({name: value for name, value in asked.items() if value})
    answer = ask(settings, "GET", f"/checklist?{query}", answer_s_max=_ANSWER_S_MAX)
    checklist = Checklist.model_validate_json(answer)
    if form == Form.JSON:
        typer.echo(answer)
    elif form == Form.MARKDOWN:
        typer.echo(markdown(checklist.items, checklist.since, checklist.until))
    else:
        _print(checklist)
    return int(any(_counts(checklist, severity)))


def _counts(checklist: Checklist, least: Least) -> list[str]:
    return [
        answer.question
        for agent in checklist.items
        for answer in agent.answers
        if answer.verdict == "fail" and (answer.severity or "S4") <= least
    ]


def _time(written: str) -> str:
    try:
        time = datetime.fromisoformat(written)
    except ValueError:
        raise UserError(f"--since takes a time such as 2026-11-29T12:00:00Z, not {written!r}.") from None
    if time.tzinfo is None:
        raise UserError(f"--since {written} names no time zone: write {written}Z for UTC.")
    return time.isoformat()


def _print(checklist: Checklist) -> None:
    console = Console()
    for agent in checklist.items:
        table = Table(title=Text(f"{agent.agent} ({agent.traces:,} traces)"), title_justify="left", box=None)
        for column in ("", "question", "why", "what to do"):
            table.add_column(column, overflow="fold")
        for answer in agent.answers:
            mark = Text(f"{answer.verdict.upper()} {answer.severity or ''}".strip(), _STYLES[answer.verdict])
            table.add_row(mark, Text(answer.question), Text(answer.sentence), Text(answer.todo))
        console.print(table)
    if not checklist.items:
        console.print("No agent was seen in that time.")
