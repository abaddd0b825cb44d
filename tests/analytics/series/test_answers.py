"""What models and agents said is counted, and not kept; through real loading and assembly."""

import json
import random
from typing import Any

import numpy as np
import pytest

from analytics.drift.text import DESCRIPTORS, hashes, shipped_basis, sketch
from analytics.series import answer_counts
from collector.store.store import Store
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.series.counting import bin_of, counted, of

ORDER = "The order is with the courier and you will have it on Monday."
SORRY = "I'm sorry, but I can't help with that, for it is against our policy."


def said(*answers: str, traces: int = 1) -> list[Any]:
    """Spans of traces in each of which the model says all of it."""
    spans = []
    for _ in range(traces):
        talk = Conversation()
        for answer in answers:
            talk.model(answer=answer)
        spans += talk.ended()
    return spans


def message(text: str, **more: Any) -> str:
    return json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": text}], **more}])


def test_length_refusal_and_language_of_an_answer_are_counted(store: Store, load: Any) -> None:
    load(*said(ORDER, message(ORDER), SORRY))

    rows = counted(store)

    assert of(rows, "output length") == {("", bin_of(len(ORDER))): 2, ("", bin_of(len(SORRY))): 1}
    assert of(rows, "refusal") == {("no", 0): 2, ("yes", 0): 1}
    assert of(rows, "language") == {("English", 0): 3}
    assert of(rows, "output shape") == {("text", 0): 3}
    assert of(rows, "text form") == {("one paragraph", 0): 3}


def test_an_agents_answer_is_counted_as_its_own(store: Store, load: Any) -> None:
    talk = Conversation()
    with talk.turn("planner", "what next?", ORDER) as turn:
        talk.model(answer=SORRY, parent=turn)
    load(*talk.ended())

    rows = counted(store)

    assert of(rows, "refusal", "planner") == {("no", 0): 1}
    assert of(rows, "refusal", "coder") == {("yes", 0): 1}


def test_what_asks_for_tools_alone_says_nothing(store: Store, load: Any) -> None:
    talk = Conversation()
    talk.model("search")
    talk.model(answer=ORDER)
    load(*talk.ended())

    assert sum(of(counted(store), "output length").values()) == 1


def test_each_descriptor_of_a_text_is_a_series(store: Store, load: Any) -> None:
    load(*said(ORDER))

    rows = counted(store)

    assert {row["metric"] for row in rows if row["metric"].startswith("text ")} == {
        f"text {name}" for name in [*DESCRIPTORS, "form", "chat phrases"]
    }
    assert of(rows, "text different words") == {("", bin_of(12 / 13)): 1}


def test_texts_become_sums_of_sketches_and_frequencies_of_hashes(store: Store, load: Any) -> None:
    load(*said(ORDER, SORRY))

    counted(store)

    each = np.stack([sketch(hashes(text), shipped_basis()) for text in (ORDER, SORRY)])
    (row,) = store.query("SELECT n, traces, basis, sums, products FROM drift_sketches")
    assert (row["n"], row["traces"], row["basis"]) == (2, 1, 1)
    assert np.allclose(row["sums"], each.sum(0), atol=1e-5)
    assert np.allclose(row["products"], (each.T @ each)[np.triu_indices(64)], atol=1e-4)
    (words,) = store.query("SELECT n, hashes, texts FROM drift_words")
    both = set(hashes(ORDER)) & set(hashes(SORRY))
    assert words["n"] == 2
    assert set(words["hashes"]) == set(hashes(ORDER)) | set(hashes(SORRY))
    assert {hash_ for hash_, n in zip(words["hashes"], words["texts"], strict=True) if n == 2} == both


def test_fields_of_documents_are_series_and_names_are_none(store: Store, load: Any) -> None:
    names = [f"Anna the {number}th" for number in range(12)]
    documents = [
        {"state": "paid" if number % 3 else "open", "total": number, "sure": True, "name": names[number]}
        for number in range(12)
    ]
    for document in documents:
        load(*said(json.dumps(document)))

    rows = counted(store)

    assert of(rows, "field $.state") == {("paid", 0): 8, ("open", 0): 4}
    assert of(rows, "field $.sure") == {("true", 0): 12}
    assert sum(of(rows, "number $.total").values()) == 12
    assert of(rows, "field $.name") == {}
    (shape,) = of(rows, "output shape")
    assert shape[0].endswith(" $.name, $.state, $.sure, $.total")
    assert not any("Anna" in row["category"] for row in rows)


def test_what_few_say_is_not_kept_in_words(store: Store, load: Any) -> None:
    load(*said(*['{"state": "anna@example.com"}'] * 6))

    rows = counted(store)

    assert of(rows, "field $.state") == {("other", 0): 6}
    assert of(rows, "output shape") == {("other", 0): 6}


def test_what_begins_as_a_document_and_is_none_is_counted_as_broken(store: Store, load: Any) -> None:
    load(*said('{"state": "paid", "total": ', ORDER))

    assert of(counted(store), "output shape") == {("not JSON", 0): 1, ("text", 0): 1}


def test_no_more_texts_are_read_than_are_wanted_and_others_next_time(
    store: Store, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answer_counts, "ANSWERS_MAX", 5)
    for number in range(20):
        load(*said(ORDER + " more" * number))

    rows = counted(store)

    assert sum(of(rows, "output length").values()) == 5
    assert sum(of(rows, "duration").values()) == 20


def test_projects_are_apart(store: Store, load: Any) -> None:
    load(*said(ORDER), project="bank")
    load(*said(SORRY), project="shop")

    rows = [row for row in counted(store) if row["metric"] == "refusal" and row["n"]]

    assert {(row["project"], row["category"]) for row in rows} == {("bank", "no"), ("shop", "yes")}


HOSTILE = {
    "1 MB of one word": "a" * 1_000_000,
    "1 MB of words": " ".join(str(number) for number in range(160_000)),
    "no UTF-8 any more": "\ufffd\udcff".encode("utf-8", "replace").decode() * 50,
    "10,000 paths": json.dumps({f"path {number}": number for number in range(10_000)}),
    "deep": '{"a":' * 5_000 + "1" + "}" * 5_000,
    "a list of lists": "[" * 30 + "]" * 30,
    "numbers beyond all": '{"a": 1e999, "b": -1e308, "c": NaN, "d": ' + "9" * 400 + "}",
    "types that are none": '[{"role": "assistant", "type": [], "content": [{"type": {}}]}]',
    "markup": "<script>alert(1)</script>" * 50,
    "nothing visible": "\u200b\u202e\x00\x01" * 40,
    "a long path": json.dumps({"x" * 5_000: {"y" * 5_000: "z" * 39}}),
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_answers_are_bounded(store: Store, load: Any, text: str) -> None:
    load(*said(text, message(text), traces=4))

    rows = counted(store)

    theirs = [row for row in rows if row["operation"] == "chat"]
    assert sum(of(rows, "duration").values()) == 8
    assert all(len(row["category"]) <= 100 and len(row["metric"]) <= 120 for row in theirs)
    assert len({row["metric"] for row in theirs}) <= 50


def test_bytes_that_are_no_text_are_counted_and_do_no_harm(store: Store, load: Any) -> None:
    talk = Conversation()
    talk.model(answer=ORDER)
    (span,) = talk.spans
    for pair in span.attributes:
        if pair.key == "gen_ai.output.messages":
            pair.value.bytes_value = random.Random(1).randbytes(500)
    load(*talk.ended())

    rows = counted(store)

    assert sum(of(rows, "duration").values()) == 1
    assert sum(of(rows, "output length").values()) <= 1
