"""`doldrums drift compare`: what differs between two times, versions or projects."""

from typing import Annotated
from urllib.parse import urlencode

import typer

from analytics.api.drift_models import Comparison
from doldrums.configuration import load_settings
from doldrums.drift_pages import markdown, summary, table
from doldrums.errors import UserError
from doldrums.options import Config
from doldrums.service_api import ask

drift = typer.Typer(help="What changed in what agents put out. docs/drift.md says how.", no_args_is_help=True)
_ANSWER_S_MAX = 600.0
_DIFFERS, _UNTOLD = 1, 2


@drift.callback()
def options() -> None:
    pass


@drift.command("compare")
def compare(
    *,
    before: Annotated[
        str,
        typer.Option(
            "--from",
            help="2026-11-01..2026-11-14 (days, both with it, or RFC 3339), version:1.4.2, project:NAME, or "
            "several with commas between.",
        ),
    ],
    after: Annotated[str, typer.Option("--to", help="What it is compared with; in the same form.")],
    environment: Annotated[str, typer.Option(help="One environment. Without it every one.")] = "",
    agent: Annotated[str, typer.Option(help="One agent. Without it every one.")] = "",
    metric: Annotated[str, typer.Option(help="One metric, such as duration. Without it every one.")] = "",
    at_most_rate: Annotated[
        float, typer.Option(help="Share of those said to differ that may be chance.")
    ] = 0.05,
    margin: Annotated[
        float, typer.Option(help="Relative change of a level, or of a category's odds, that counts.")
    ] = 0.05,
    as_json: Annotated[bool, typer.Option("--json", help="Print the API's answer.")] = False,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print it as Markdown.")] = False,
    config: Config = None,
) -> None:
    """Compare what agents put out. Code 0: alike, 1: something differs, 2: nothing could be told."""
    if as_json and as_markdown:
        raise UserError("--json and --markdown are two forms: one of them will do.")
    asked = {
        "from": before,
        "to": after,
        "environment": environment,
        "agent": agent,
        "metric": metric,
        "at_most_rate": at_most_rate,
        "margin": margin,
    }
    path = f"/drift/comparison?{urlencode(asked, errors='replace')}"
    answer = ask(load_settings(config), "GET", path, answer_s_max=_ANSWER_S_MAX)
    found = Comparison.model_validate_json(answer)
    if as_json:
        typer.echo(answer)
    elif as_markdown:
        typer.echo(markdown(found), nl=False)
    else:
        table(found)
        typer.echo(summary(found))
    raise typer.Exit(_code(found))


def _code(found: Comparison) -> int:
    if found.differing:
        return _DIFFERS
    return 0 if found.compared else _UNTOLD
