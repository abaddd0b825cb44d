"""Long texts are stored in pieces, each once a day and project, and can be put together again."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.errors import DamagedStore
from collector.journal.segment import Folders
from collector.loader.loader import Loader
from collector.loader.quarantine import Quarantine
from collector.loader.replay import Outcome, Replay, ReplayFolders
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.store.store import Store
from tests.builders import pairs, request, span
from tests.conftest import new_store
from tests.segments import seal

HISTORY = [{"role": "user", "parts": [{"type": "text", "content": f"{n} " * 90}]} for n in range(8)]
MESSAGES = "gen_ai.input.messages"
COMPACT = (",", ":")


@pytest.fixture
def opened_store(empty_store: Path, tmp_path: Path) -> Iterator[Store]:
    """An engine for each test: one of them damages its files."""
    with new_store(empty_store, tmp_path) as store:
        yield store


@pytest.fixture
def reader(store: Store) -> SegmentReader:
    return SegmentReader(store, Cuts())


def restored(store: Store) -> dict[str, dict[str, str]]:
    """Return by span name the long texts, put together as the trace page does."""
    rows = store.query("SELECT name, project, received_day, content_references FROM spans")
    pieces = {
        (row["project"], row["received_day"], row["hash"]): row["text"]
        for row in store.query("SELECT project, received_day, hash, text FROM contents FINAL")
    }
    return {
        row["name"]: {
            one["key"]: one["joint"].join(
                pieces[row["project"], row["received_day"], h] for h in one["pieces"]
            )
            + one["ending"]
            for one in row["content_references"]
        }
        for row in rows
    }


def count(store: Store) -> int:
    return int(store.query("SELECT count() AS n FROM contents")[0]["n"])


def load(loader: Loader, folders: Folders, texts: dict[str, Any], project: str = "default") -> None:
    spans = [span(name, {MESSAGES: text, "short": "x"}) for name, text in texts.items()]
    loader.load([seal(folders, [request(*spans).SerializeToString()], project=project)])


@pytest.mark.parametrize("separators", [None, COMPACT])
def test_each_message_of_a_growing_history_is_stored_once(
    store: Store, folders: Folders, loader: Loader, separators: tuple[str, str] | None
) -> None:
    calls = {f"call {n}": json.dumps(HISTORY[:n], separators=separators) for n in range(5, 9)}
    for name, text in calls.items():
        load(loader, folders, {name: text})

    assert {name: texts[MESSAGES] for name, texts in restored(store).items()} == calls
    assert count(store) == len(HISTORY)


def test_what_a_span_put_in_stands_once(store: Store, folders: Folders, loader: Loader) -> None:
    chat = span("chat", {"gen_ai.operation.name": "chat", MESSAGES: json.dumps(HISTORY), "short": "x"})
    loader.load([seal(folders, [request(chat).SerializeToString()])])

    (row,) = store.query("SELECT input, input_key, input_preview, attributes, attribute_types FROM spans")
    assert (row["input"], row["input_key"]) == ("", MESSAGES)
    assert row["input_preview"] == json.dumps(HISTORY)[:200]
    assert row["attributes"] == {"gen_ai.operation.name": "chat", "short": "x"}
    assert row["attribute_types"] == ["string", "string"]


def test_projects_share_no_piece(store: Store, folders: Folders, loader: Loader) -> None:
    for project in ("one", "two"):
        load(loader, folders, {project: json.dumps(HISTORY)}, project)

    assert count(store) == 2 * len(HISTORY)
    assert [texts[MESSAGES] for texts in restored(store).values()] == [json.dumps(HISTORY)] * 2


def test_pieces_that_were_lost_are_written_again(
    store: Store, folders: Folders, loader: Loader, reader: SegmentReader
) -> None:
    body = request(span("chat", {MESSAGES: json.dumps(HISTORY)})).SerializeToString()
    segment = seal(folders, [body])
    reader.insert(folders.sealed, [segment])  # and no word of it: a kill, or a write that failed
    store.command("TRUNCATE TABLE contents")

    loader.load([segment])

    assert restored(store)["chat"][MESSAGES] == json.dumps(HISTORY)
    assert store.query("SELECT count() AS n FROM spans")[0]["n"] == 1


def test_a_cut_text_is_stored_as_it_was_cut(store: Store, folders: Folders) -> None:
    reader = SegmentReader(store, Cuts(value_bytes_max=2000))
    load(Loader(store, reader, folders, Quarantine(reader, folders)), folders, {"long": "a" * 5000})

    assert restored(store)["long"][MESSAGES] == "a" * 2000 + " [cut by doldrums, was 5000 bytes]"


PARTS = st.sampled_from(["},{", "}, {", "}]", "[{", "é", "\n", "a" * 70, "b" * 200, "\\", "'", "\x00"])
TEXTS = (
    st.lists(PARTS, min_size=1, max_size=30).map("".join).map(lambda text: text + "z" * (1030 - len(text)))
)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(TEXTS, TEXTS.map(lambda text: text + "}]")), min_size=20, max_size=40))
def test_any_text_comes_back_byte_for_byte(
    store: Store, folders: Folders, loader: Loader, texts: list[str]
) -> None:
    store.command("TRUNCATE TABLE spans")
    named = {f"span {number}": text for number, text in enumerate(texts)}

    load(loader, folders, named)

    found = restored(store)
    assert {name: found[name][MESSAGES] for name in named} == named


def test_pieces_that_the_store_lost_are_taken_from_the_archive(
    store: Store, folders: Folders, loader: Loader, reader: SegmentReader
) -> None:
    load(loader, folders, {"chat": json.dumps(HISTORY)})
    store.command("TRUNCATE TABLE contents")
    beside = ReplayFolders(folders.data_dir)
    beside.create()
    replay = Replay(store, Loader(store, reader, beside, Quarantine(reader, beside)), beside, lambda _: None)

    assert replay.archived(max(folders.archive.iterdir())) == Outcome(loaded=1)

    assert restored(store)["chat"][MESSAGES] == json.dumps(HISTORY)
    assert len(restored(store)) == store.query("SELECT count() AS n FROM spans")[0]["n"] == 1


def test_a_damaged_part_of_pieces_is_no_fault_of_the_segments(
    store: Store, folders: Folders, loader: Loader
) -> None:
    load(loader, folders, {"first": json.dumps(HISTORY)})
    store.command("SYSTEM STOP MERGES contents")
    (part,) = store.query("SELECT path FROM system.parts WHERE table = 'contents' AND active")
    for file in Path(part["path"]).glob("data.bin"):
        os.truncate(file, 10)
    store.command("SYSTEM DROP MARK CACHE")
    store.command("SYSTEM DROP UNCOMPRESSED CACHE")
    store.command("SYSTEM DROP PRIMARY INDEX CACHE")

    with pytest.raises(DamagedStore):
        load(loader, folders, {"second": json.dumps(HISTORY)})

    assert not any(folders.quarantine.iterdir())


def test_scope_attributes_are_read_at_any_depth_and_what_is_long_ends(
    store: Store, folders: Folders, loader: Loader
) -> None:
    sent = request(span("work"))
    scope = sent.resource_spans[0].scope_spans[0]
    scope.scope.attributes.extend(pairs({"list": ["a"], "map": {"b": 1}}))
    scope.schema_url = "u" * 5000
    loader.load([seal(folders, [sent.SerializeToString()])])

    (row,) = store.query("SELECT scope_attributes, scope_schema_url FROM spans")
    assert row["scope_attributes"] == {"list": '["a"]', "map": '{"b":1}'}
    assert row["scope_schema_url"] == "u" * 1024
