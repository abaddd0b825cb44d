"""Each rule finds what it is for, in every form in which agents send it, and leaves what looks like it."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, InstrumentationScope
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span, Status

from collector.journal.segment import Folders
from collector.loader.segment_reader import Cuts, SegmentReader
from collector.redaction.expression import gates
from collector.redaction.own import OwnRule
from collector.redaction.rule import chosen, rules
from collector.store.store import Store
from tests.builders import request, span
from tests.segments import seal

A, D = "aB3dEfGh1JkLmN0pQrStUvWxYz45678901abcdef", "0123456789abcdef" * 4
PEM = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA7bq+/x" * 20 + "\n-----END RSA PRIVATE KEY-----"
PASSWORD = json.dumps({"user": "ann", "password": 'hun"ter\\2'})

# Rule, text, what of it is secret.
SECRETS = [
    ("openai-key", f"use sk-{A} now", f"sk-{A}"),
    ("openai-key", f"sk-proj-{A}", f"sk-proj-{A}"),
    ("openai-key", f'{{"key":"sk-ant-api03-{A}"}}', f"sk-ant-api03-{A}"),
    ("doldrums-key", f"pk_01234567_{D}", f"pk_01234567_{D}"),
    ("doldrums-key", f"whsec_{A}", f"whsec_{A}"),
    ("aws-access-key", "id AKIAIOSFODNN7EXAMPLE.", "AKIAIOSFODNN7EXAMPLE"),
    ("aws-secret-key", f"aws_secret_key: {A[:38]}/+ ok", f"{A[:38]}/+"),
    ("google-key", f"?key=AIza{A[:35]}&q=1", f"AIza{A[:35]}"),
    ("google-key", f"ya29.{A}", f"ya29.{A}"),
    ("github-token", f"https://ghp_{A[:36]}@github.com/a", f"ghp_{A[:36]}"),
    ("github-token", f"github_pat_{A}{A}", f"github_pat_{A}{A}"),
    ("gitlab-token", f"glpat-{A[:20]}", f"glpat-{A[:20]}"),
    ("slack-token", f"xoxb-1234567890-{A[:24]}", f"xoxb-1234567890-{A[:24]}"),
    ("slack-token", f"https://hooks.slack.com/services/T0/B0/{A[:24]}", A[:24]),
    ("stripe-key", f"sk_live_{A[:24]}", f"sk_live_{A[:24]}"),
    ("huggingface-token", "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH", "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH"),
    ("other-key", f"gsk_{A}", f"gsk_{A}"),
    ("other-key", f"dapi{D[:32]}", f"dapi{D[:32]}"),
    ("jwt", f"eyJ{A}.eyJ{A}.{A}", f"eyJ{A}"),
    ("private-key", f"the key\n{PEM}\nand more", "MIIEpAIBAAKCAQEA7bq"),
    ("private-key", json.dumps({"key": PEM, "n": 1}), "MIIEpAIBAAKCAQEA7bq"),
    ("private-key", PEM[:300], "MIIEpAIBAAKCAQEA7bq"),
    ("authorization", f"-H 'Authorization: Bearer {A}'", A),
    ("authorization", "Authorization: Basic dXNlcjpwYXNzd29yZA==", "dXNlcjpwYXNzd29yZA"),
    ("authorization-header", json.dumps({"Authorization": "Custom abcdef"}), "abcdef"),
    ("cookie", "Cookie: session=abc123; csrf=def", "abc123"),
    ("url-password", "postgres://ann:s3cret@db/x", "s3cret"),
    ("url-password", "redis://:s3cret@cache:6379", "s3cret"),
    ("password", PASSWORD, "hun"),
    ("password", json.dumps({"arguments": PASSWORD}), "ter"),
    ("password", json.dumps({"body": json.dumps({"arguments": '{"password": "hunter2"}'})}), "hunter2"),
    ("password", str({"db_password": "it's me"}), "it's me"),
    ("password", '{"password": 123456, "n": 1}', "123456"),
    ("password", 'db.connect(password = "correct horse")', "correct horse"),
    ("password", 'json: "db.connect(password=\\"horse\\")"', "horse"),
    ("password", "/login?user=a&password=horse&x=1", "horse"),
    ("password", "curl --password=horse x", "horse"),
    ("password", "export DB_PASSWORD=horses", "horses"),
    ("password", "password: hunter2", "hunter2"),
    ("api-key", f"x-api-key: {A}", A),
    ("api-key", '{"clientSecret":"abc def"}', "abc def"),
    ("api-key", "api_key=abc12345 was refused", "abc12345"),
    ("secret", '{"secret": "rosebud"}', "rosebud"),
    ("secret", "{'credentials': ['rose', 'bud']}", "bud"),
    ("api-key", '{"X-Api-Key": ["abcdef123456"]}', "abcdef123456"),
    ("password", '{"password": [\n "hunter2", "rosebud" ], "n": 1}', "rosebud"),
    ("password", json.dumps({"arguments": '{"password": ["hunter2", "rosebud"]}'}), "rosebud"),
    ("authorization-header", '{"Authorization": ["Custom abcdef"]}', "abcdef"),
    ("card-number", "card 4111 1111 1111 1111, thanks", "4111 1111 1111 1111"),
    ("card-number", '{"card":"378282246310005"}', "378282246310005"),
    ("card-number", "5555555555554444", "5555555555554444"),
    ("card-number", '{"cvc":"123"}', "123"),
    ("card-number", '{"card_number": 1234}', "1234"),
    ("card-number", "4111111111111111 4111111111111111", "4111111111111111"),
]

LOOK_ALIKES = [
    "a password reset page; the password must have 8 characters",
    "Password: at least 8 characters, one digit",
    "3f1a9c1e-7c1b-4b52-9a50-2c7a3e7a1b55 4bf92f3577b34da6a3ce929d0e0e4736 00f067aa0ba902b7",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "commit 471d720afac4de44cf7d285425d1717289b9bf73e199b5",
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA",
    '{"max_tokens": 4096, "token_count": 12, "tokens_per_s": 31.5, "next_page_token": "CAUQAA"}',
    '{"token": "Hello", "logprob": -0.31725305, "bytes": [72, 101]}',
    '{"parameters": {"properties": {"password": {"type": "string"}, "api_key": {"type": "string"}}}}',
    '{"required": ["password", "api_key"], "name": "log_in"}',
    '{"type": "password", "name": "password", "secret": true, "password": null, "api_key": ""}',
    "client = OpenAI(api_key=api_key, password=password, token=os.environ['OPENAI_API_KEY'])",
    "def log_in(user: str, password: str) -> None: self.password = password",
    "export API_KEY=$OPENAI_API_KEY; curl -H 'Authorization: Bearer $TOKEN' https://api.example.com/v1",
    "https://example.com:8080/a@b and ann@example.com and git@github.com:acme/repo.git",
    "bearer of bad news, basic understanding, the secret: be kind. Cookie: chocolate",
    "order 4111111111111112, 1764361234567890123 ns, 0.4111111111111111, v4111111111111111, 4111-1111",
    "score 0.4242424242424242 id 42424242424242424242 span 4242424242424242abcd",
    "sk-learn, task-1234567890123456789012, risk-proj-abc, sk-..., AKIA, ghp_short, hf_hub_download",
    "eyJhbGciOiJIUzI1NiJ9 is a header; -----BEGIN PRIVATE KEY----- is how a key begins",
    "response-0.8411111111111111 call_0.4555555555555444",
    "[cut by doldrums] [redacted: nothing]",
]
INNOCENT_NAMES = {
    "gen_ai.usage.input_tokens": 5, "llm.token_count.prompt": 7, "has_password": True,
    "auth.method": "bearer", "password": "", "authorized": "yes", "user.secretary": "Ann",
    "key": "value", "session.id": "s-1",
    "tool.parameters.properties.password.type": "string", "discard.number": "no",
}  # fmt: skip


def stored(
    store: Store, folder: Path, attributes: Sequence[dict[str, Any]], **kwargs: Any
) -> list[dict[str, Any]]:
    """What is stored of spans with these attributes, in their order."""
    folders = Folders(folder)
    spans = [span(str(number), one) for number, one in enumerate(attributes)]
    segment = seal(folders, [request(*spans).SerializeToString()])
    SegmentReader(store, Cuts(), **kwargs).insert(folders.sealed, [segment])
    return store.query(
        "SELECT attributes, attribute_types, marks FROM spans WHERE segment = {segment:String} "
        "ORDER BY toUInt32(name)",
        {"segment": segment.id},
    )


def test_secrets_are_replaced_by_the_name_of_their_rule(store: Store, tmp_path: Path) -> None:
    rows = stored(store, tmp_path, [{"text": text} for _, text, _ in SECRETS])

    wrong = [
        (rule, text, row["attributes"]["text"], row["marks"])
        for (rule, text, secret), row in zip(SECRETS, rows, strict=True)
        if secret in row["attributes"]["text"]
        or f"[redacted: {rule}]" not in row["attributes"]["text"]
        or row["marks"] != [f"redacted:{row['attributes']['text'].count('[redacted: ')}"]
    ]
    assert not wrong
    assert {rule for rule, _, _ in SECRETS} == {rule.name for rule in rules() if rule.on}


def test_what_was_json_is_json(store: Store, tmp_path: Path) -> None:
    texts = [text for _, text, _ in SECRETS if text.startswith('{"')]
    rows = stored(store, tmp_path, [{"text": text} for text in texts])

    for text, row in zip(texts, rows, strict=True):
        assert json.loads(row["attributes"]["text"]).keys() == json.loads(text).keys()
        if "arguments" in json.loads(text):
            json.loads(json.loads(row["attributes"]["text"])["arguments"])


def found_by_gates(store: Store, bodies: Sequence[bytes]) -> list[set[str]]:
    """Names of the rules whose gates find something in each of some bytes."""
    on = chosen()
    (row,) = store.query(
        "SELECT arrayMap(body -> multiMatchAllIndices(unhex(body), {gates:Array(String)}), "
        "{bodies:Array(String)}) AS found",
        {"bodies": [body.hex() for body in bodies], "gates": gates(on)},
    )
    return [{on[number - 1].name for number in numbers} for numbers in row["found"]]


def test_the_gate_of_a_rule_finds_something_wherever_the_rule_does(store: Store) -> None:
    """In the bytes of a request, and in the text alone: else the rule would not be asked."""
    sent = [request(span("work", {"text": text})).SerializeToString() for _, text, _ in SECRETS]
    alone = [text.encode() for _, text, _ in SECRETS]

    for found in (found_by_gates(store, sent), found_by_gates(store, alone)):
        assert not [text for (rule, text, _), names in zip(SECRETS, found, strict=True) if rule not in names]


def places(text: str) -> Sequence[bytes]:
    """Return what has this text in a place of a request, a different one each."""
    span_ = Span(name=text), Span(trace_state=text), Span(status=Status(message=text))
    return [
        message.SerializeToString()
        for message in (
            *span_,
            Span.Event(name=text),
            Span.Link(trace_state=text),
            InstrumentationScope(name=text),
            InstrumentationScope(version=text),
            ResourceSpans(schema_url=text),
            ScopeSpans(schema_url=text),
            AnyValue(string_value=text),
            AnyValue(bytes_value=text.encode()),
            LogRecord(event_name=text),
            LogRecord(body=AnyValue(string_value=text)),
        )
    ]


def test_a_text_that_begins_with_any_length_is_seen(store: Store) -> None:
    """The byte before a text is its length, which may be a letter or a digit."""
    cases = [
        (length, secret, body)
        for length in (45, 48, 57, 65, 90, 97, 122, 127, 128, 300, 16_384)
        for secret in ("4111111111111111", "AKIAIOSFODNN7EXAMPLE", '{"secret":"rosebud"}')
        for body in places(secret + " " * (length - len(secret)))
    ]
    found = found_by_gates(store, [body for _, _, body in cases])

    assert not [case for case, names in zip(cases, found, strict=True) if not names]


def test_look_alikes_stay(store: Store, tmp_path: Path) -> None:
    rows = stored(
        store,
        tmp_path,
        [
            *({"text": text} for text in LOOK_ALIKES),
            INNOCENT_NAMES,
            {"every gate": " ".join(s for _, s, _ in SECRETS)},
        ],
    )

    assert [row["attributes"]["text"] for row in rows[: len(LOOK_ALIKES)]] == LOOK_ALIKES
    assert rows[-2]["attributes"] == {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in INNOCENT_NAMES.items()
    }
    assert all(row["marks"] in ([], ["redacted:1"]) for row in rows[:-1])


@pytest.mark.parametrize(
    ("value", "text", "type_"),
    [
        ("hunter2", "[redacted: {}]", "string"),
        (123456, "[redacted: {}]", "string"),
        (["a", "b"], '["[redacted: {}]"]', "array"),
    ],
)
def test_an_attribute_is_secret_by_its_name(
    store: Store, tmp_path: Path, value: Any, text: str, type_: str
) -> None:
    names = {
        "db.password": "password", "http.request.header.x-api-key": "api-key", "clientSecret": "api-key",
        "http.request.header.authorization": "authorization-header", "http.request.header.cookie": "cookie",
        "payment.card_number": "card-number", "the.secret": "secret",
    }  # fmt: skip
    (row,) = stored(store, tmp_path, [dict.fromkeys(names, value)])

    assert row["attributes"] == {name: text.format(rule) for name, rule in names.items()}
    assert set(row["attribute_types"]) == {type_}
    assert row["marks"] == [f"redacted:{len(names)}"]


def test_rules_are_turned_on_and_off_and_own_ones_are_asked_first(store: Store, tmp_path: Path) -> None:
    text = "EMP-1234 ann@example.com 4111111111111111 AKIAIOSFODNN7EXAMPLE"
    on = chosen(off=["card-number"], on=["email"], own=[OwnRule("employee", r"\bEMP-[0-9]+\b").rule])
    (row,) = stored(store, tmp_path, [{"text": text}], rules=on)
    (alone,) = stored(store, tmp_path, [{"text": "é EMP-1"}], rules=on)
    (bare,) = stored(store, tmp_path, [{"text": "EMP-1 sk_live_" + A, "b": b"\xff"}], rules=on[:1])

    assert row["attributes"]["text"] == (
        "[redacted: employee] [redacted: email] 4111111111111111 [redacted: aws-access-key]"
    )
    assert alone["attributes"]["text"] == "é [redacted: employee]"
    assert bare["attributes"] == {"text": f"[redacted: employee] sk_live_{A}", "b": "/w=="}
