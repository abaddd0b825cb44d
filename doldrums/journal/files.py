"""Which files can be replayed, and the replay of one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from analytics.api.models import ReplayOutcome, ReplayRequest
from collector.journal.pack_name import PackName
from collector.journal.segment import Folders, Segment
from collector.loader.archive import archived_files
from collector.loader.replay import Outcome, Replay

_SET_ASIDE = frozenset({".record", ".segment", ".damage"})


def archive_files(folders: Folders, request: ReplayRequest) -> list[Path]:
    """Return the archived files that may hold segments of the time asked for, the oldest first."""
    return [file for file in archived_files(folders.archive) if _overlaps(file, request)]


def quarantine_files(folders: Folders) -> Sequence[Path]:
    """Return what lies in quarantine."""
    return sorted(path for path in folders.quarantine.iterdir() if path.suffix in _SET_ASIDE)


def replay_file(replay: Replay, folders: Folders, request: ReplayRequest) -> ReplayOutcome:
    """Replay one file of the archive or the quarantine.

    Raises
    ------
    FileNotFoundError
        There is none of this name.
    """
    try:
        outcome = _replay(replay, folders, request)
    except FileNotFoundError:
        raise
    except OSError as error:
        return ReplayOutcome(stored=0, loaded=0, not_loaded=[f"{request.file}: {error}"])
    return ReplayOutcome(stored=outcome.stored, loaded=outcome.loaded, not_loaded=outcome.not_loaded)


def _replay(replay: Replay, folders: Folders, request: ReplayRequest) -> Outcome:
    archived = {file.name: file for file in archived_files(folders.archive)}
    if file := archived.get(request.file):
        return replay.archived(
            file,
            dry_run=request.dry_run,
            wanted=lambda segment: _is_between(request, segment.id, segment.id),
        )
    pieces = {piece.name: piece for piece in quarantine_files(folders)}
    if piece := pieces.get(request.file):
        return replay.set_aside(piece, dry_run=request.dry_run)
    raise FileNotFoundError(request.file)


def _overlaps(file: Path, request: ReplayRequest) -> bool:
    pack = PackName.parse(file.name)
    if pack is not None:
        return _is_between(request, pack.lowest, pack.highest)
    identifier = Segment.parse(file.name).id
    return _is_between(request, identifier, identifier)


def _is_between(request: ReplayRequest, lowest: str, highest: str) -> bool:
    after = request.begun_from is None or _begun(highest) >= request.begun_from
    before = request.begun_to is None or _begun(lowest) < request.begun_to
    return after and before


def _begun(identifier: str) -> datetime:
    """A UUIDv7 begins with milliseconds since 1970."""
    return datetime.fromtimestamp(int(identifier[:12], 16) / 1000, UTC)
