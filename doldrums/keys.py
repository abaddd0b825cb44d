"""`doldrums keys`: makes, lists and revokes API keys, by the API of the service that runs."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pydantic import TypeAdapter
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from analytics.api.models import ApiKey, NewApiKey, Page
from doldrums.service_api import ask
from doldrums.settings import Settings

_KEYS: TypeAdapter[Page[ApiKey]] = TypeAdapter(Page[ApiKey])
_MADE = """
API key of project {project}, for {scopes}:

  {key}

It is shown this once. Exporters send it when they are told to:

  export OTEL_EXPORTER_OTLP_HEADERS=x-api-key={key}
"""


def create(
    settings: Settings,
    *,
    project: str | None,
    name: str,
    scopes: Sequence[str],
    days: float | None,
    rates: dict[str, float | None],
) -> None:
    """Make a key and print it.

    Parameters
    ----------
    days
        Until it expires; None for never.
    rates
        By name what it may send a second; None for what the settings say.
    """
    expires = None if days is None else (datetime.now(UTC) + timedelta(days=days)).isoformat()
    wanted = {"project": project, "name": name, "scopes": list(scopes), "expires": expires, **rates}
    made = NewApiKey.model_validate_json(ask(settings, "POST", "/keys", wanted))
    _print(_MADE.format(project=made.project, scopes=" and ".join(made.scopes), key=made.key))


def show(settings: Settings) -> None:
    """Print the keys that there are and were."""
    keys = _KEYS.validate_json(ask(settings, "GET", "/keys")).items
    if not keys:
        _print("There are no API keys: callers on this machine are served without.")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("Key", "Made", "State", "Project", "For", "Limits a second", "Name"):
        table.add_column(name, no_wrap=name in {"Key", "Made"})
    for key in keys:
        cells = (
            f"pk_{key.id}",
            _day(key.created),
            _state(key),
            key.project,
            " ".join(key.scopes),
            _limits(key),
        )
        # as text: a name is not to be read as markup
        table.add_row(*(Text(cell, overflow="fold") for cell in (*cells, key.name)))
    Console().print(table)


def revoke(settings: Settings, key_id: str) -> None:
    """Make a key worthless."""
    short = key_id.removeprefix("pk_").partition("_")[0]
    revoked = ApiKey.model_validate_json(ask(settings, "DELETE", f"/keys/{short}"))
    _print(f"API key pk_{revoked.id} of project {revoked.project} is revoked.")


def _limits(key: ApiKey) -> str:
    rates = {"requests": key.requests_per_s, "spans": key.spans_per_s, "bytes": key.bytes_per_s}
    own = {what: rate for what, rate in rates.items() if rate is not None}
    return ", ".join(f"{rate:,g} {what}" if rate else f"any {what}" for what, rate in own.items())


def _state(key: ApiKey) -> str:
    if key.revoked:
        return f"revoked {_day(key.revoked)}"
    if key.expires is None:
        return "good"
    over = datetime.fromisoformat(key.expires[:19] + "+00:00") <= datetime.now(UTC)
    return f"{'expired' if over else 'good until'} {_day(key.expires)}"


def _day(time: str) -> str:
    return time[:10]


def _print(text: str) -> None:
    Console().print(text, markup=False, highlight=False, soft_wrap=True)
