"""`doldrums contracts export`: learned contracts as JSON Schema, to be reviewed and committed."""

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

import typer

from analytics.api.models import LearnedContracts
from doldrums.configuration import load_settings
from doldrums.errors import UserError
from doldrums.options import Config
from doldrums.service_api import ask

contracts = typer.Typer(
    help="Contracts: what calls of tools, hand-offs and agents keep. docs/contracts.md says how.",
    no_args_is_help=True,
)
_ANSWER_S_MAX = 60.0
_NAME_MAX = 60


@contracts.callback()
def options() -> None:
    pass


@contracts.command("export")
def export(
    folder: Annotated[
        Path | None,
        typer.Argument(help="Folder that gets a file for each contract; without it they are printed as one."),
    ] = None,
    *,
    config: Config = None,
) -> None:
    """Write what was learned as JSON Schema 2020-12: review it, commit it, name it in `contracts_dir`."""
    answer = ask(load_settings(config), "GET", "/contracts/learned", answer_s_max=_ANSWER_S_MAX)
    found = LearnedContracts.model_validate_json(answer).items
    if folder is None:
        typer.echo(_written(found))
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = sum(_kept(folder / file_name(one), one) for one in found)
    except OSError as error:
        raise UserError(f"{error.filename} cannot be written: {error.strerror}.") from None
    typer.echo(
        f"Wrote {len(found) - kept} contracts to {folder}; {kept} files were there and stay as they are."
    )


def file_name(contract: dict[str, Any]) -> str:
    """Return the name of a contract's file: of letters, digits, dots, dashes and underscores alone.

    The hash of its boundary tells those apart whose names are written alike, whichever others there are.

    Examples
    --------
    >>> file_name({"x-boundary": {"tool": "look_up", "agent": "../buyer", "side": "output"}})
    'buyer.look_up.output.ceb28bea.json'
    """
    of = contract["x-boundary"]
    names = [of.get("agent"), of.get("tool") or of.get("handoff"), of["side"]]
    words = (re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:_NAME_MAX] for name in names if name)
    hash_ = sha256(json.dumps(of, sort_keys=True).encode()).hexdigest()[:8]
    return ".".join([*filter(None, words), hash_, "json"])


def _kept(path: Path, contract: dict[str, Any]) -> bool:
    """Write a file, or say that there is one: a person may have corrected it."""
    if path.exists():
        return True
    path.write_text(_written(contract), encoding="utf-8")
    return False


def _written(document: Any) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
