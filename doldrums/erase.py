"""`doldrums erase`: deletes what a user or a session left, by the API of the service that runs."""

import typer
from rich.console import Console

from analytics.api.models import Erasure, Page
from doldrums.errors import UserError
from doldrums.service_api import ask
from doldrums.settings import Settings

# Counting looks at one column of all that is stored.
_ANSWER_S_MAX = 600.0
_FOUND = """\
Traces of {kind} {value!r} in project {project}: {traces} (spans: {spans}, log records: {span_logs}).
Erasing deletes them whole, with their texts, findings and messages, from the store, the archive and the
quarantine. Nothing brings them back.
"""
_BEGUN = """Erasure {id} has begun, and is done about ten minutes after everything received so far
is loaded. How far it is, and the proof:

  doldrums erase --list
"""


def erase(
    settings: Settings,
    *,
    user: str | None,
    session: str | None,
    project: str | None,
    only_count: bool,
    sure: bool,
) -> None:
    """Say what will be erased, ask, and have it done.

    Parameters
    ----------
    only_count
        Erase nothing.
    sure
        Do not ask.
    """
    if (user is None) == (session is None):
        raise UserError("Name either --user or --session.")
    wanted = {"user": user, "session": session, "project": project}
    found = Erasure.model_validate_json(
        ask(settings, "POST", "/erasures", {**wanted, "dry_run": True}, answer_s_max=_ANSWER_S_MAX)
    )
    _print(_FOUND.format(kind=found.kind, value=user or session, project=found.project, **found.counts))
    if only_count:
        return
    if not sure:
        typer.confirm("Erase them?", abort=True)
    begun = Erasure.model_validate_json(
        ask(settings, "POST", "/erasures", wanted, answer_s_max=_ANSWER_S_MAX)
    )
    _print(_BEGUN.format(id=begun.id))


def show(settings: Settings) -> None:
    """Print the erasures, the newest first."""
    erasures = Page[Erasure].model_validate_json(ask(settings, "GET", "/erasures")).items
    for one in erasures:
        counts = ", ".join(f"{count} {name}" for name, count in one.counts.items() if count)
        left = "" if one.proof is None else f"; left: {sum(one.proof.values())}"
        what = f"{one.project} {one.kind} {one.state}: {counts or 'nothing'}{left}"
        _print(f"{one.requested[:19]}Z {one.id} {what}")
    if not erasures:
        _print("Nothing was erased.")


def _print(text: str) -> None:
    Console().print(text, markup=False, highlight=False, soft_wrap=True)
