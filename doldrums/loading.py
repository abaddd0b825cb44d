"""Composes what loads: the workers, the archive's keeper and the replay."""

from collections.abc import Callable
from functools import partial

from collector.journal.segment import Folders
from collector.loader.archive import Archive
from collector.loader.gate import Gate
from collector.loader.keeper import Keeper
from collector.loader.loader import Loader
from collector.loader.merged_parts import MergedParts
from collector.loader.quarantine import Quarantine
from collector.loader.replay import Replay, ReplayFolders
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.loader.worker import LoadingWorkers
from collector.otlp.signal import Signal
from collector.receiver.snapshot import FILE_NAME, read_snapshot
from collector.redaction.rule import chosen
from collector.store.store import Store
from doldrums.settings import Settings

OnDamage = Callable[[BaseException], None]


def loading(
    settings: Settings, store: Store, folders: Folders, gate: Gate, on_damage: OnDamage
) -> LoadingWorkers:
    """Return the threads that load what is sealed."""
    return LoadingWorkers(_loader(settings, store, folders, gate), folders, on_damage)


def replay(settings: Settings, store: Store, on_damage: OnDamage, gate: Gate | None = None) -> Replay:
    """Return what loads again; no other process has the store open."""
    folders = ReplayFolders(settings.data_dir)
    folders.create()
    return Replay(store, _loader(settings, store, folders, gate), folders, on_damage)


def archive(settings: Settings) -> Archive:
    """Return the archive, which all that pack or delete have in common."""
    return Archive(
        Folders(settings.data_dir).archive,
        bytes_max=settings.archive_bytes_max,
        age_s_max=settings.archive_age_h_max * 3600,
        counted=partial(_counted, settings),
    )


def keeper(settings: Settings, store: Store, archive: Archive, replay: Replay, on_damage: OnDamage) -> Keeper:
    """Return the thread that looks after the archive."""
    return Keeper(archive, replay, MergedParts(store), Folders(settings.data_dir), on_damage)


def _counted(settings: Settings, signal: Signal) -> str:
    snapshot = read_snapshot(settings.data_dir / FILE_NAME)
    if snapshot is None:
        return ""
    return snapshot.sealed_log_segment if signal is Signal.LOGS else snapshot.sealed_segment


def _loader(settings: Settings, store: Store, folders: Folders, gate: Gate | None) -> Loader:
    cuts = Cuts(attributes_max=settings.attributes_max, value_bytes_max=settings.value_bytes_max)
    own = [one.rule for one in settings.redaction_rules]
    rules = chosen(off=settings.redaction_off, on=settings.redaction_on, own=own)
    reader = SegmentReader(store, cuts, rules)
    return Loader(store, reader, folders, Quarantine(reader, folders), gate)
