"""`doldrums journal replay` as a user runs it, without a service and beside one."""

import re
from pathlib import Path

import pytest

from collector.journal.segment import Folders
from collector.store.migrate import migrate
from collector.store.store import open_store
from tests.builders import SECOND, request, span
from tests.doldrums.command import doldrums
from tests.segments import loader_of, seal
from tests.service import Service

MORNING, NOON = (1_790_000_000 + hours * 3600 for hours in (0, 4))


def archive_and_lose(data_dir: Path) -> Folders:
    """A folder whose store has lost two archived segments: of the morning and of noon."""
    folders = Folders(data_dir)
    folders.create()
    store = open_store(f"chdb://{data_dir / 'store'}")
    migrate(store)
    loader = loader_of(store, folders)
    for received_s, spans in ((MORNING, 2), (NOON, 3)):
        body = request(*(span() for _ in range(spans))).SerializeToString()
        loader.load([seal(folders, [body], received_unix_nano=received_s * SECOND)])
    store.command("TRUNCATE TABLE spans")
    store.close()
    return folders


def said(*arguments: str | Path, cwd: Path, code: int = 0, **variables: str) -> str:
    ran = doldrums("journal", "replay", *arguments, cwd=cwd, **variables)
    assert ran.returncode == code, ran.stderr
    return ran.stdout + ran.stderr


def test_without_a_service_it_loads_what_is_missing_and_once(tmp_path: Path) -> None:
    folders = archive_and_lose(tmp_path / "data")

    assert "1 files: 3 spans would be loaded, 0 were" in said(
        "--from", "2026-09-21T17:00:00Z", "--dry-run", cwd=tmp_path
    )
    assert "1 files: 2 spans were loaded, 0 were" in said("--to", "2026-09-21 17:00", cwd=tmp_path)
    assert "2 files: 3 spans were loaded, 2 were stored already." in said(cwd=tmp_path)
    (first, _) = sorted(folders.archive.iterdir())
    assert "1 files: 0 spans were loaded, 2 were stored already." in said(first, cwd=tmp_path)


def test_beside_a_service_the_service_does_it(tmp_path: Path) -> None:
    folders = Folders(tmp_path / "data")
    folders.create()
    with Service(folders.data_dir) as service:
        segment = seal(folders, [request(span(), span()).SerializeToString()])
        piece = folders.quarantine / f"traces-{segment.id}-0-2.segment"
        piece.with_suffix(".reason").write_text("it stopped the process")
        (folders.sealed / segment.file_name).rename(piece)

        assert "1 files: 2 spans would be loaded" in said(piece, "--dry-run", cwd=tmp_path)
        assert "2 spans were loaded, 0 were stored already." in said("--quarantine", cwd=tmp_path)

        stats = service.stats()["spans"]
        assert (stats["stored"], stats["quarantined"]) == (2, 0)
        assert "2 were stored already." in said(cwd=tmp_path)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from", "noon"], "noon is no time: write it as 2026-10-30T12:00:00Z."),
        (
            ["elsewhere.otlp"],
            "elsewhere.otlp is no file of .*: name one of those, or put it into the archive",
        ),
        ([], "There is no journal in .*: nothing was received there."),
    ],
)
def test_what_cannot_be_is_one_sentence(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    ran = doldrums("journal", "replay", *arguments, cwd=tmp_path)

    assert (ran.returncode, ran.stderr.count("\n")) == (2, 1)
    assert re.match(sentence, ran.stderr)
