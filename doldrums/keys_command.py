"""`doldrums keys create | list | revoke`, as the command line reads them."""

from enum import StrEnum
from typing import Annotated

import typer

from doldrums import keys as api_keys
from doldrums.configuration import load_settings
from doldrums.options import Config

keys = typer.Typer(
    help="API keys: without any, callers on this machine alone are served. They are those of the service "
    "that runs here; DOLDRUMS_API_KEY and DOLDRUMS_API_ADDRESS name another one.",
    no_args_is_help=True,
)


class Scope(StrEnum):
    """What a key may be for."""

    ingest = "ingest"
    query = "query"
    admin = "admin"


@keys.command("create")
def create_key(
    *,
    project: Annotated[
        str | None, typer.Option(help="Whose spans are written and read with it.", show_default="default")
    ] = None,
    name: Annotated[str, typer.Option(help="What it is for, in your words.")] = "",
    scope: Annotated[
        list[Scope] | None,
        typer.Option(
            help="What it is for: ingest sends spans, query reads, admin reads and keeps the project's keys. "
            "May be given several times.",
            show_default="ingest",
        ),
    ] = None,
    days: Annotated[
        float | None, typer.Option(min=0, max=36_500, help="Days until it expires.", show_default="never")
    ] = None,
    requests_per_s: Annotated[
        float | None, typer.Option(min=0, help="Requests a second at most; 0 for any.")
    ] = None,
    spans_per_s: Annotated[float | None, typer.Option(min=0, help="Spans a second at most.")] = None,
    bytes_per_s: Annotated[
        float | None, typer.Option(min=0, help="Bytes of request bodies a second at most, decompressed.")
    ] = None,
    config: Config = None,
) -> None:
    """Make a key and show it, once."""
    rates = {"requests_per_s": requests_per_s, "spans_per_s": spans_per_s, "bytes_per_s": bytes_per_s}
    api_keys.create(
        load_settings(config),
        project=project,
        name=name,
        scopes=[one.value for one in scope or [Scope.ingest]],
        days=days,
        rates=rates,
    )


@keys.command("list")
def list_keys(*, config: Config = None) -> None:
    """Show the keys that there are and were."""
    api_keys.show(load_settings(config))


@keys.command("revoke")
def revoke_key(
    key: Annotated[str, typer.Argument(help="The key, or its beginning: pk_ and eight digits.")],
    *,
    config: Config = None,
) -> None:
    """Make a key worthless within two seconds, for ever."""
    api_keys.revoke(load_settings(config), key)
