"""What was JSON is JSON after redaction."""

import json
from pathlib import Path

import pytest

from collector.store.store import Store
from tests.collector.redaction.json_documents import documents
from tests.collector.redaction.test_rules import stored

UNCHANGED = [
    '[{"content": "Password: "}, {"role": "user"}]',
    '["password:", "user:"]',
    '{"q": "api_key=", "b": "c"}',
    '{"q": "api_key=\'", "b": "it\'s"}',
    json.dumps({"a": json.dumps(["Password:", "echo"])}),
]
REPLACED = [
    ('{"n": 4111111111111111}', '{"n": "[redacted: card-number]"}'),
    (
        '[1, 4111111111111111, "[4111111111111111, 2]"]',
        '[1, "[redacted: card-number]", "[[redacted: card-number], 2]"]',
    ),
    ('{"password": 12345E3}', '{"password": "[redacted: password]"}'),
    ('{"a": "{\\"n\\": 4111111111111111}"}', '{"a": "{\\"n\\": \\"[redacted: card-number]\\"}"}'),
    ("{'n1': 4111111111111111}", "{'n1': '[redacted: card-number]'}"),
    ("4111111111111111", "[redacted: card-number]"),
]


def test_documents_of_prose_stay_json(store: Store, tmp_path: Path) -> None:
    texts = documents(seed=2, count=2500)
    rows = stored(store, tmp_path, [{"text": text} for text in texts])

    assert sum(row["attributes"]["text"] != text for row, text in zip(rows, texts, strict=True)) > 300
    for row, text in zip(rows, texts, strict=True):
        try:
            json.loads(row["attributes"]["text"])
        except ValueError:
            pytest.fail(f"{text} became {row['attributes']['text']}")


def test_quotes_and_numbers(store: Store, tmp_path: Path) -> None:
    texts = [*UNCHANGED, *(text for text, _ in REPLACED)]
    rows = stored(store, tmp_path, [{"text": text} for text in texts])

    assert [row["attributes"]["text"] for row in rows] == [*UNCHANGED, *(text for _, text in REPLACED)]
