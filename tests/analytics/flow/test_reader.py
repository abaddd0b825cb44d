"""What is read of a trace's texts, long ones in pieces, and the flows in them; through real loading."""

import json
from functools import partial
from typing import Any

from fastapi.testclient import TestClient
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from analytics.api.flows import router
from analytics.flow.flows_in import flows_in
from analytics.flow.reader import read_said
from collector.store.store import Store
from tests.analytics.application import application
from tests.analytics.detectors.conversation import Conversation
from tests.analytics.detectors.looking import assembled


def message(text: str) -> str:
    return json.dumps([{"role": "user", "parts": [{"type": "text", "content": text}]}])


def conversation(long: str = "") -> Conversation:
    """A clerk looks an account up and tells the writer its number."""
    talk = Conversation()
    with talk.turn("clerk", message("Who owns it?"), message(f"It is ACC-7731 {long}")) as clerk:
        talk.tool(
            "look_up", {"name": "it"}, {"account": "ACC-7731", "more": long}, agent="clerk", parent=clerk
        )
    with talk.turn("writer", message(f"Write of ACC-7731 {long}"), message("Done.")):
        pass
    return talk


def read(store: Store, talk: Conversation) -> list[tuple[str, str, str]]:
    assembled(store)
    said = read_said(store, "default", talk.trace_id.hex())
    names = {span.span_id.hex(): span.name for span in talk.spans}
    agents = {one.span_id: one.agent for one in said.spans}
    return [
        (
            f"{agents[flow.source]} {names[flow.source]}",
            f"{agents[flow.target]} {names[flow.target]}",
            flow.channel,
        )
        for flow in flows_in(said.spans, said.task)
    ]


def test_values_are_followed_from_a_tool_through_an_agent_to_the_next(store: Store, load: Any) -> None:
    talk = conversation()
    load(*talk.ended())

    flows = read(store, talk)

    assert ("clerk execute_tool", "clerk invoke_agent", "value") in flows
    assert ("clerk invoke_agent", "writer invoke_agent", "value") in flows


def test_long_texts_are_read_from_their_pieces(store: Store, load: Any) -> None:
    talk = conversation("The northern reservoir lost a third of its water. " * 100)
    load(*talk.ended())

    assembled(store)
    said = read_said(store, "default", talk.trace_id.hex())

    (writer,) = [one for one in said.spans if one.agent == "writer"]
    assert "northern reservoir" in "".join(writer.taken)
    assert said.left_out == 0


def test_another_project_reads_nothing(store: Store, load: Any) -> None:
    talk = conversation()
    load(*talk.ended())
    assembled(store)

    assert not read_said(store, "other", talk.trace_id.hex()).spans


def test_without_content_there_is_no_flow(store: Store, load: Any) -> None:
    talk = Conversation(content=False)
    with talk.turn("clerk", "a", "ACC-7731"):
        pass
    load(*talk.ended())

    assert read(store, talk) == []


def test_the_api_says_where_something_went_from_a_span_on(store: Store, load: Any) -> None:
    talk = conversation()
    load(*talk.ended())
    assembled(store)
    client = TestClient(application(router(partial(read_said, store))))
    address = f"/api/v1/traces/{talk.trace_id.hex()}/flows"
    ids = {span.name + talk_agent(span): span.span_id.hex() for span in talk.spans}
    tool = ids["execute_tool clerk"]

    everything, onwards = client.get(address).json(), client.get(address, params={"seed": tool}).json()

    assert everything["spans_with_content"] == 3
    assert [(flow["source"], flow["target"], flow["shared"]) for flow in onwards["items"]] == [
        (tool, ids["invoke_agent clerk"], ["acc-7731"]),
        (tool, ids["invoke_agent writer"], ["acc-7731"]),
    ]
    assert client.get(f"/api/v1/traces/{'0' * 32}/flows").status_code == 404


def talk_agent(span: Span) -> str:
    named = {attribute.key: attribute.value.string_value for attribute in span.attributes}
    return f" {named['gen_ai.agent.name']}"
