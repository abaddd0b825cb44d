"""A secret is replaced wherever it stands, whatever surrounds it."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from collector.journal.segment import Folders, Segment
from collector.loader.segment_reader import Cuts
from collector.otlp.signal import Signal
from collector.store.store import Store
from tests.builders import pairs, request, span
from tests.log_builders import log, logs_request
from tests.segments import loader_of, seal

KEY = "AKIAIOSFODNN7EXAMPLE"
MARK = "[redacted: aws-access-key]"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


def load(store: Store, folders: Folders, body: bytes, cuts: Cuts | None = None, **kwargs: Any) -> Segment:
    """Load and verify, as the service does."""
    segment = seal(folders, [body], **kwargs)
    loader_of(store, folders, cuts).load([segment])
    return segment


def everything(store: Store, table: str) -> str:
    return str(store.query(f"SELECT * FROM {table}"))


def test_every_place_of_a_span(store: Store, folders: Folders) -> None:
    one = span(
        f"name {KEY}", {"text": KEY, "list": [KEY], "map": {"a": {"b": {"c": KEY}}}, "bytes": KEY.encode()}
    )
    one.trace_state = f"k={KEY}"
    one.status.message = KEY
    one.events.add(name=KEY, attributes=pairs({"exception.message": KEY}))
    one.links.append(
        Span.Link(trace_id=bytes(16), span_id=bytes(8), trace_state=KEY, attributes=pairs({"a": KEY}))
    )
    other = span("innocent", {"text": "none"})
    sent = request(one, other, scope=KEY, resource={"process.command_args": ["run", KEY]})
    sent.resource_spans[0].schema_url = f"https://{KEY}"
    scope = sent.resource_spans[0].scope_spans[0]
    scope.schema_url, scope.scope.version = KEY, KEY
    scope.scope.attributes.extend(pairs({"a": KEY}))
    load(store, folders, sent.SerializeToString())

    assert KEY not in everything(store, "spans")
    marks = {row["name"]: row["marks"] for row in store.query("SELECT name, marks FROM spans ORDER BY name")}
    assert marks == {f"name {MARK}": ["redacted:17"], "innocent": ["redacted:6"]}
    (row,) = store.query("SELECT attributes FROM spans WHERE name != 'innocent'")
    assert row["attributes"] == {
        "text": MARK,
        "list": f'["{MARK}"]',
        "map": '{"a":{"b":"[redacted: bytes]"}}',
        "bytes": "[redacted: bytes]",
    }


def test_pieces_of_long_texts_and_the_spans_that_name_them(store: Store, folders: Folders) -> None:
    messages = [{"role": "user", "content": f"{n} " * 90, "password": f"hunter{n}"} for n in range(8)]
    long = f"{'x' * (256 * 1024 - 10)} {KEY} {'y' * 100}"
    load(
        store,
        folders,
        request(span("a", {"gen_ai.input.messages": json.dumps(messages), "long": long})).SerializeToString(),
    )

    stored = everything(store, "contents") + everything(store, "spans")
    assert "hunter" not in stored
    assert "AKIA" not in stored
    assert store.query(
        "SELECT countSubstrings(groupConcat(text), '[redacted: password]') AS n FROM contents"
    ) == [{"n": 8}]


def test_logs(store: Store, folders: Folders) -> None:
    record = log(
        "gen_ai.agent.paused",
        of=span(),
        body=f"body {KEY}",
        attributes={"exception.message": KEY, "reason": f"waits for {KEY}", "password": "hunter2"},
    )
    load(store, folders, logs_request(record).SerializeToString(), signal=Signal.LOGS)

    (row,) = store.query("SELECT body, exception_message, pause_reason, attributes, marks FROM span_logs")
    assert (row["body"], row["exception_message"], row["pause_reason"]) == (
        f"body {MARK}",
        MARK,
        f"waits for {MARK}",
    )
    assert row["attributes"]["password"] == "[redacted: password]"
    assert row["marks"] == ["redacted:4"]


def test_bytes_that_are_replaced_are_stored_with_their_span(store: Store, folders: Folders) -> None:
    """They become a text, which pieces are made of only where it came as one."""
    google = "AIza" + "B" * 35
    data = base64.b64decode(google + "C" * 1_961)
    sent = {"bytes": data, "text": google, "long": f"{google} " + "x" * 2_000}
    load(store, folders, request(span("work", sent)).SerializeToString())

    (row,) = store.query("SELECT attributes, content_references FROM spans")
    assert row["attributes"].keys() == {"bytes", "text"}
    assert [reference["key"] for reference in row["content_references"]] == ["long"]


def test_a_text_is_cut_after_its_secrets_were_replaced(store: Store, folders: Folders) -> None:
    """Only so much of it as is kept, and a margin, is looked at."""
    short = '"password": "' + "p" * 3000 + '"'
    sent = {
        "shrinks": f"{short} " * 1000,
        "straddles": "x" * (2000 - 10) + f" {KEY}",
        "long": "x" * (2000 - 90) + f" {KEY} " + "y" * 100_000 + KEY,
    }
    load(store, folders, request(span("work", sent)).SerializeToString(), cuts=Cuts(value_bytes_max=2000))

    texts = {row["text"] for row in store.query("SELECT text FROM contents")}
    spans = everything(store, "spans")
    assert not [text for text in [*texts, spans] if "ppp" in text or "AKIA" in text]
    assert any(text.endswith(f"{MARK[:-1]} [cut by doldrums, was 101952 bytes]") for text in texts)
    assert "cut by doldrums, was 3015000 bytes" in "".join([*texts, spans])


@pytest.mark.parametrize("more", [-40, 0, 1, 16_384, 16_385, 100_000])
def test_a_long_text_beside_the_span_of_a_secret_is_stored_whole(
    store: Store, folders: Folders, more: int
) -> None:
    """Its span has no secret: its pieces are cut as its text is, or no look would find them all."""
    long = "x" * (2_000 + more)
    spans = [span("long", {"text": long}), span("secret", {"text": f"a {KEY}"})]
    load(store, folders, request(*spans).SerializeToString(), cuts=Cuts(value_bytes_max=2_000))

    (row,) = store.query("SELECT content_references FROM spans WHERE name = 'long'")
    (reference,) = row["content_references"]
    stored = {row["hash"] for row in store.query("SELECT hash FROM contents")}
    assert set(reference["pieces"]) <= stored


HOSTILE = {
    "quotes": '"password": "' * 20_000,
    "backslashes": 'password\\": \\"' + "\\" * 250_000,
    "keys": "sk-" * 80_000 + KEY,
    "digits": "4111 1111 1111 1111 " * 12_000,
    "cards": "".join(f"{4_000_000_000_000_000 + n * 7919} " for n in range(20_000)),
    "pem": "-----BEGIN PRIVATE KEY-----" * 9_000,
    "urls": "http://" + "a:" * 120_000 + "@b",
    "bearer": "bearer " * 36_000,
    "words": "api_key=" + "a1" * 120_000,
}


def test_hostile_texts_are_stored_and_hold_no_secret(store: Store, folders: Folders) -> None:
    load(store, folders, request(span("hostile", HOSTILE), span("other", {"a": "b"})).SerializeToString())

    assert store.query("SELECT count() AS n FROM spans") == [{"n": 2}]
    assert store.query(
        "SELECT count() AS n FROM contents WHERE position(text, {key:String}) > 0", {"key": KEY}
    ) == [{"n": 0}]
    assert store.query(
        "SELECT count() AS n FROM contents WHERE position(text, '4111 1111 1111 1111') > 0"
    ) == [{"n": 0}]


def test_a_mark_that_a_client_writes_changes_nothing_else(store: Store, folders: Folders) -> None:
    texts = {"a": "[redacted: password]", "b": '{"password": "[redacted: password]"}'}
    load(store, folders, request(span("work", texts)).SerializeToString())

    (row,) = store.query("SELECT attributes FROM spans")
    assert row["attributes"] == texts


def test_calls_with_different_secrets_are_not_the_same_call(store: Store, folders: Folders) -> None:
    """A redacted text is the same of every secret: nothing is said of whether two of them were."""
    cards = ["4111 1111 1111 1111", "5555 5555 5555 4444"]
    said = [
        {"gen_ai.tool.name": "charge", "gen_ai.tool.call.arguments": f'{{"card": "{card}"}}'}
        for card in cards
    ]
    sent = request(
        *[
            span(f"charge {number}", one)
            for number, one in enumerate([*said, {**said[0], "gen_ai.tool.call.arguments": "all"}])
        ]
    )
    load(store, folders, sent.SerializeToString())

    rows = store.query("SELECT input_preview, input_hash FROM spans ORDER BY name")
    assert [row["input_hash"] != 0 for row in rows] == [False, False, True]
    assert "[redacted: " in rows[0]["input_preview"]
