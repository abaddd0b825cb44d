"""`doldrums journal replay`: has archived or quarantined spans loaded that the store does not have."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from analytics.api.models import ReplayOutcome, ReplayRequest
from collector.errors import CollectorError, StoreUnavailable, UpgradeFailed
from collector.journal.segment import Folders
from collector.store.migrate import migrate
from collector.store.store import open_store
from doldrums.data_folder import held, holder
from doldrums.errors import UserError
from doldrums.journal.files import archive_files, quarantine_files, replay_file
from doldrums.loading import replay as replay_of
from doldrums.local_keys import read_local_keys
from doldrums.run_file import RunFile
from doldrums.settings import Settings

Ask = Callable[[ReplayRequest], ReplayOutcome]

# A pack is 64 MiB: it is loaded within seconds, also beside what is received.
_ANSWER_S_MAX = 600.0


def replay(settings: Settings, files: Sequence[Path], request: ReplayRequest, *, set_aside: bool) -> int:
    """Replay and say what was done; return 1 when something was not loaded, else 0.

    Parameters
    ----------
    files
        Files of the archive or the quarantine; without any, the whole archive.
    request
        The times and the dry run.
    set_aside
        Whether all that lies in quarantine is meant, too.
    """
    folders = Folders(settings.data_dir)
    chosen = _chosen(folders, files, request, set_aside=set_aside)
    total, console = ReplayOutcome(stored=0, loaded=0, not_loaded=[]), Console(stderr=True)
    try:
        with _asker(settings, folders) as ask, _bar(console) as bar:
            for file in bar.track(chosen, description="Replaying"):
                outcome = ask(request.model_copy(update={"file": file.name}))
                total.stored += outcome.stored
                total.loaded += outcome.loaded
                for sentence in outcome.not_loaded:
                    console.print(sentence, markup=False, highlight=False, soft_wrap=True)
                total.not_loaded += outcome.not_loaded
    finally:
        # Ctrl-C, or the service is gone: what was loaded before stays
        _print(_sentence(len(chosen), total, dry_run=request.dry_run))
    return 1 if total.not_loaded else 0


def replay_request(begun_from: str | None, begun_to: str | None, *, dry_run: bool) -> ReplayRequest:
    """Read the times of the command line."""
    return ReplayRequest(file="", begun_from=_time(begun_from), begun_to=_time(begun_to), dry_run=dry_run)


def _time(text: str | None) -> datetime | None:
    try:
        time = datetime.fromisoformat(text) if text else None
    except ValueError:
        raise UserError(f"{text} is no time: write it as 2026-10-30T12:00:00Z.") from None
    return time.replace(tzinfo=UTC) if time and time.tzinfo is None else time


def _chosen(
    folders: Folders, files: Sequence[Path], request: ReplayRequest, *, set_aside: bool
) -> Sequence[Path]:
    try:
        known = {folders.archive.resolve(), folders.quarantine.resolve()}
        for file in files:
            if file.resolve().parent not in known or not file.is_file():
                raise UserError(
                    f"{file} is no file of {folders.archive} or {folders.quarantine}: "
                    "name one of those, or put it into the archive first."
                )
        if files:
            return files
        archived = archive_files(folders, request)
        return [*archived, *quarantine_files(folders)] if set_aside else archived
    except FileNotFoundError:
        raise UserError(f"There is no journal in {folders.data_dir}: nothing was received there.") from None


@contextmanager
def _asker(settings: Settings, folders: Folders) -> Iterator[Ask]:
    """Whoever has the store open does it: the service that runs here, or this process if none does."""
    if holder(settings.data_dir) is None:
        with held(settings.data_dir):
            yield from _alone(settings, folders)
        return
    address = RunFile(settings.data_dir).read().get("api")
    if address is None:
        raise UserError("The service here is still starting: try again in a few seconds.")
    with httpx.Client(
        base_url=f"http://{address}/api/v1",
        headers={"authorization": f"Bearer {read_local_keys(settings.data_dir).operator}"},
        trust_env=False,
        timeout=_ANSWER_S_MAX,
    ) as http:
        yield partial(_ask, http)


def _alone(settings: Settings, folders: Folders) -> Iterator[Ask]:
    try:
        store = open_store(settings.clickhouse_dsn)
    except StoreUnavailable as error:
        raise UserError(str(error)) from error
    try:
        migrate(store)
        yield partial(replay_file, replay_of(settings, store, lambda _: None), folders)
    except (StoreUnavailable, UpgradeFailed) as error:
        raise UserError(str(error)) from error
    except CollectorError as error:
        raise UserError(f"{error}. Start the service, which repairs the store, and replay again.") from error
    finally:
        store.close()


def _ask(http: httpx.Client, request: ReplayRequest) -> ReplayOutcome:
    try:
        answer = http.post("/journal/replay", json=request.model_dump(mode="json"))
    except httpx.HTTPError as error:
        raise UserError(
            f"The service does not answer ({error}): see its log, and replay again; nothing is stored twice."
        ) from error
    if answer.status_code == HTTPStatus.NOT_FOUND:
        # deleted or packed since it was listed
        return ReplayOutcome(
            stored=0, loaded=0, not_loaded=[f"{request.file} is there no more; replay again"]
        )
    if not answer.is_success:
        raise UserError(f"The service answered {answer.status_code}: {answer.text[:500]}")
    return ReplayOutcome.model_validate_json(answer.content)


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal)


def _sentence(files: int, total: ReplayOutcome, *, dry_run: bool) -> str:
    loaded = f"{total.loaded} spans {'would be' if dry_run else 'were'} loaded"
    not_loaded = f"; {len(total.not_loaded)} segments were not, see above" if total.not_loaded else ""
    return f"{files} files: {loaded}, {total.stored} were stored already{not_loaded}."


def _print(text: str) -> None:
    Console().print(text, markup=False, highlight=False, soft_wrap=True)
