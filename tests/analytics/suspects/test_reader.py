"""Whom to look at in a trace that was loaded for real, by the API."""

import json
from functools import partial
from typing import Any

from fastapi.testclient import TestClient

from analytics.api.suspects import router
from analytics.suspects.reader import read_suspects
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled


def message(text: str) -> str:
    return json.dumps([{"role": "assistant", "parts": [{"type": "text", "content": text}]}])


def asked(store: Store, trace_id: str) -> Any:
    assembled(store)
    client = TestClient(application(router(partial(read_suspects, store))))
    return client.get(f"/api/v1/traces/{trace_id}/suspects")


def wrong(*, content: bool = True) -> Conversation:
    """The coder writes what cannot run; the shell says so."""
    talk = Conversation(content=content)
    with talk.turn("planner", message("Sum the column."), message("The coder sums the column.")):
        pass
    with talk.turn("coder", message("Sum it."), message("```python\nprint(sum(colum))\n```")):
        pass
    with talk.turn("shell", message("print(sum(colum))"), message("ran")) as shell:
        error = "Traceback (most recent call last): NameError: colum"
        talk.tool("python", "print(sum(colum))", error, agent="shell", parent=shell)
    return talk


def test_who_wrote_what_failed_stands_first_with_what_came_of_it(store: Store, load: Any) -> None:
    talk = wrong()
    load(*talk.ended())

    answer = asked(store, talk.trace_id.hex()).json()

    first = answer["items"][0]
    assert first["evidence"][0]["kind"] == "hard error"
    assert first["evidence"][0]["text"] == "what it wrote failed when python ran it: traceback"
    assert len(answer["items"]) <= 3
    assert (answer["spans"], answer["spans_with_content"]) == (5, 4)


def test_without_content_only_a_prior_is_left_and_says_so(store: Store, load: Any) -> None:
    talk = wrong(content=False)
    load(*talk.ended())

    answer = asked(store, talk.trace_id.hex()).json()

    assert answer["spans_with_content"] == 0
    assert {one["grade"] for one in answer["items"]} == {"prior"}


def test_a_trace_that_is_not_there_is_told(store: Store) -> None:
    assert asked(store, "0" * 32).status_code == 404


def test_what_came_of_it_is_followed_to_the_first_bad_outcome(store: Store, load: Any) -> None:
    talk = Conversation()
    with talk.turn(
        "planner", message("Pay the invoice."), message("The invoice is INV-7731 of 4711 dollars.")
    ):
        pass
    with talk.turn("buyer", message("Pay INV-7731 of 4711"), message("paid INV-7731")) as buyer:
        talk.tool("pay_invoice", {"invoice": "INV-7731", "amount": 4711}, "ok", agent="buyer", parent=buyer)
    load(*talk.ended())
    planner, *_ = (span.span_id.hex() for span in talk.spans)

    items = asked(store, talk.trace_id.hex()).json()["items"]

    (first,) = (one for one in items if one["span_id"] == planner)
    after = first["aftermath"]
    names = {span.span_id.hex(): span.name for span in talk.spans}
    assert (after["outcome"], names[after["way"][-1]["target"]]) == ("acted", "execute_tool")
    assert (after["boundary"], "inv-7731" in after["way"][0]["shared"]) == (0, True)
    assert names[after["consumer"]] == "invoke_agent"


def test_a_prior_has_no_aftermath(store: Store, load: Any) -> None:
    talk = wrong(content=False)
    load(*talk.ended())

    assert {one["aftermath"] for one in asked(store, talk.trace_id.hex()).json()["items"]} == {None}
