"""The command line; the only place that ends the process."""

import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from doldrums.check import Form, Least, check
from doldrums.child import PARTS
from doldrums.configuration import load_settings
from doldrums.contracts_command import contracts
from doldrums.demo_folder import demo_settings, remove_demo
from doldrums.doctor.examine import examine
from doldrums.doctor.service import running
from doldrums.drift_command import drift
from doldrums.erase import erase
from doldrums.erase import show as show_erasures
from doldrums.errors import UserError
from doldrums.journal.replay import replay as replay_segments
from doldrums.journal.replay import replay_request
from doldrums.keys_command import keys
from doldrums.local_keys import read_local_keys
from doldrums.logs import configure_logging
from doldrums.options import Config
from doldrums.ports import claimed
from doldrums.replay.replay import replay as send_files
from doldrums.serve import serve as run_service

app = typer.Typer(
    help="Finds what multi-agent AI systems are stuck on. Agents send OpenTelemetry traces here; "
    "`doldrums demo` shows it with invented ones.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
journal = typer.Typer(help="What was received and is kept on disk.", no_args_is_help=True)
app.add_typer(journal, name="journal")
app.add_typer(keys, name="keys")
app.add_typer(contracts, name="contracts")
app.add_typer(drift, name="drift")

NoDashboard = Annotated[bool, typer.Option("--no-dashboard", help="Leave the web pages out.")]


def _print_version(asked: bool) -> None:  # noqa: FBT001 - typer passes it so
    if asked:
        typer.echo(f"doldrums {version('doldrums')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    _version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    pass


@app.command()
def serve(*, no_dashboard: NoDashboard = False, config: Config = None) -> None:
    """Run the whole service on this machine, until Ctrl-C."""
    settings = load_settings(config)
    configure_logging("supervisor", settings.log_form)
    raise typer.Exit(run_service(settings, with_dashboard=not no_dashboard))


@app.command()
def demo(
    *,
    remove: Annotated[bool, typer.Option("--remove", help="Delete the demo's data and end.")] = False,
    no_dashboard: NoDashboard = False,
    config: Config = None,
) -> None:
    """Run the service with invented agents, in a data folder of its own: ending in -demo."""
    settings = demo_settings(config)
    configure_logging("supervisor", settings.log_form)
    if remove:
        remove_demo(settings.data_dir)
        typer.echo(f"Deleted {settings.data_dir}.")
        return
    raise typer.Exit(run_service(settings, with_dashboard=not no_dashboard, with_feed=True))


@app.command()
def dashboard(*, config: Config = None) -> None:
    """Run the web pages alone, for the API at DOLDRUMS_API_ADDRESS."""
    settings = load_settings(config)
    configure_logging("dashboard", settings.log_form)
    settings = settings.model_copy(update=claimed({"dashboard_address": settings.dashboard_address}))
    typer.echo(
        f"Dashboard of {settings.api_address.url} at {settings.dashboard_address.url}; Ctrl-C stops it."
    )
    import_module(PARTS["dashboard"]).run(settings)


@app.command()
def collector() -> None:
    """Not in this version: receive and load alone, many at once, for a ClickHouse cluster."""
    raise UserError(NEEDS_CLUSTER.format(part="collector"))


@app.command()
def analytics() -> None:
    """Not in this version: detect and alert alone, for a ClickHouse cluster."""
    raise UserError(NEEDS_CLUSTER.format(part="analytics"))


@app.command()
def replay(
    files: Annotated[list[Path], typer.Argument(help="OTLP files (.pb, .json, .jsonl), or folders of them.")],
    *,
    endpoint: Annotated[
        str | None, typer.Option(help="OTLP/HTTP endpoint. Without it the service that runs here.")
    ] = None,
    now: Annotated[
        bool, typer.Option("--now", help="Move all times so that the newest span ends now.")
    ] = False,
    rate: Annotated[float | None, typer.Option(min=0.001, help="Spans a second at most.")] = None,
    config: Config = None,
) -> None:
    """Send recorded OTLP traces to an endpoint, in order. Code 1 says that some were not taken."""
    settings = load_settings(config)
    api_key = settings.api_key
    if endpoint is None:
        here = running(settings).get("otlp_http")
        scheme = settings.otlp_http_url.partition(":")[0]
        endpoint = f"{scheme}://{here}" if here else settings.otlp_http_url
        api_key = api_key or read_local_keys(settings.data_dir).operator
    raise typer.Exit(send_files(files, endpoint, api_key, to_now=now, spans_per_s_max=rate))


@journal.command("replay")
def replay_journal(
    files: Annotated[
        list[Path] | None,
        typer.Argument(help="Files of journal/archive or quarantine. Without any, the whole archive."),
    ] = None,
    *,
    begun_from: Annotated[
        str | None, typer.Option("--from", help="Received at this time (RFC 3339, UTC) or later.")
    ] = None,
    begun_to: Annotated[str | None, typer.Option("--to", help="Received before this time.")] = None,
    quarantine: Annotated[
        bool, typer.Option("--quarantine", help="Also all that lies in quarantine.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be loaded.")] = False,
    config: Config = None,
) -> None:
    """Load spans again that were received and are not stored. Code 1 says that some could not be."""
    request = replay_request(begun_from, begun_to, dry_run=dry_run)
    raise typer.Exit(replay_segments(load_settings(config), files or [], request, set_aside=quarantine))


@app.command("erase")
def erase_subject(
    *,
    user: Annotated[str | None, typer.Option(help="The user, as the spans name them.")] = None,
    session: Annotated[str | None, typer.Option(help="The session, as the spans name it.")] = None,
    project: Annotated[str | None, typer.Option(help="Whose spans.", show_default="default")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be erased.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    only_list: Annotated[bool, typer.Option("--list", help="Show what was erased, and the proof.")] = False,
    config: Config = None,
) -> None:
    """Delete every trace of a user or a session, for good."""
    settings = load_settings(config)
    if only_list:
        show_erasures(settings)
    else:
        erase(settings, user=user, session=session, project=project, only_count=dry_run, sure=yes)


@app.command("check")
def check_agents(
    *,
    since: Annotated[str | None, typer.Option(help="Traces begun at this time (RFC 3339) or later.")] = None,
    since_version: Annotated[
        str | None, typer.Option(help="Traces begun since this version of an agent was first seen.")
    ] = None,
    agent: Annotated[str | None, typer.Option(help="One agent. Without it every one.")] = None,
    severity: Annotated[Least, typer.Option(help="Code 1 for a FAIL as severe as this, or more.")] = Least.S2,
    form: Annotated[Form, typer.Option("--format", help="How it is printed.")] = Form.TABLE,
    config: Config = None,
) -> None:
    """Ask five questions about each agent: waits, retries, outputs, calls, state. Code 1: one fails."""
    settings = load_settings(config)
    raise typer.Exit(
        check(settings, since=since, since_version=since_version, agent=agent, severity=severity, form=form)
    )


@app.command()
def doctor(*, config: Config = None) -> None:
    """Look whether the service can run here, and say what to do about what is wrong."""
    raise typer.Exit(examine(load_settings(config)))


NEEDS_CLUSTER = (
    "`doldrums {part}` is for a ClickHouse cluster, which this version does not run on yet: "
    "`doldrums serve` runs everything on one machine."
)


def main() -> None:
    """Run the command line: what the user can put right is one sentence and code 2."""
    try:
        app()
    except UserError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(2)


if __name__ == "__main__":
    main()
