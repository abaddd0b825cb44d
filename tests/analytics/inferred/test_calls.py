"""What a model's answer asks for, in the forms in which answers are recorded."""

import json

import pytest

from analytics.inferred.calls import CALLS_MAX, Call, calls_in

ASK = [Call("c1", "ask_coder", "")]


def said(document: object, key: str = "output.value") -> dict[str, str]:
    return {key: json.dumps(document)}


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param(
            said([{"role": "assistant", "parts": [{"type": "tool_call", "id": "c1", "name": "ask_coder"}]}]),
            id="OpenTelemetry GenAI",
        ),
        pytest.param(
            {
                "output.value": '{"raw": "ask_coder"}',
                "llm.output_messages.0.message.tool_calls.0.tool_call.id": "c1",
                "llm.output_messages.0.message.tool_calls.0.tool_call.function.name": "ask_coder",
                "llm.output_messages.0.message.tool_calls.0.tool_call.function.arguments": "{}",
            },
            id="OpenInference",
        ),
        pytest.param(
            {
                "gen_ai.completion.0.tool_calls.0.id": "c1",
                "gen_ai.completion.0.tool_calls.0.name": "ask_coder",
            },
            id="OpenLLMetry, flat",
        ),
        pytest.param(
            said({"gen_ai.completion.0.tool_calls.0.id": "c1"})
            | {
                "gen_ai.completion.0.tool_calls.0.id": "c1",
                "gen_ai.completion.0.tool_calls.0.name": "ask_coder",
            },
            id="OpenLLMetry, flat and as one object",
        ),
        pytest.param(
            said(
                {
                    "choices": [
                        {
                            "message": {
                                "tool_calls": [
                                    {
                                        "id": "c1",
                                        "type": "function",
                                        "function": {"name": "ask_coder", "arguments": "{}"},
                                    }
                                ]
                            }
                        }
                    ]
                }
            ),
            id="OpenAI chat",
        ),
        pytest.param(
            said(
                {
                    "tools": [{"type": "function", "name": "lookup", "parameters": {}}],
                    "output": [
                        {"type": "function_call", "call_id": "c1", "name": "ask_coder", "arguments": "{}"}
                    ],
                }
            ),
            id="OpenAI responses, which repeat what may be called",
        ),
        pytest.param(
            said([{"type": "tool_use", "id": "c1", "name": "ask_coder", "input": {}}]), id="Anthropic"
        ),
        pytest.param(
            said([{"toolUse": {"toolUseId": "c1", "name": "ask_coder", "input": {}}}]), id="Bedrock"
        ),
        pytest.param(
            said([{"toolCallId": "c1", "toolName": "ask_coder", "input": "{}"}]), id="Vercel AI SDK"
        ),
        pytest.param(
            said({"content": {"parts": [{"function_call": {"id": "c1", "name": "ask_coder", "args": {}}}]}}),
            id="Gemini",
        ),
        pytest.param(
            said({"kwargs": {"tool_calls": [{"name": "ask_coder", "args": {}, "id": "c1"}]}}), id="LangChain"
        ),
    ],
)
def test_a_call_is_found_in_every_dialect(attributes: dict[str, str]) -> None:
    assert calls_in(attributes) == ASK


@pytest.mark.parametrize(
    "arguments", [{"agent_name": "coder"}, '{"coworker": "coder"}'], ids=["an object", "JSON in a text"]
)
def test_the_agent_that_arguments_name_is_kept_and_nothing_else_of_them(arguments: object) -> None:
    document = [{"type": "tool_call", "id": "c1", "name": "transfer_to_agent", "arguments": arguments}]

    assert calls_in(said(document)) == [Call("c1", "transfer_to_agent", "coder")]


@pytest.mark.parametrize(
    "text",
    [
        "done",
        "",
        "null",
        "[]",
        '"tool_call"',
        '{"type": "tool_call"}',
        '{"type": "tool_call", "name": 7}',
        "[" * 9_999,
        '[{"type": "tool_call", "name": "cut off',
    ],
)
def test_text_that_asks_for_nothing_asks_for_nothing(text: str) -> None:
    assert calls_in({"output.value": text}) == []


def test_an_answer_that_is_not_recorded_is_unknown() -> None:
    assert calls_in({}) is None


def test_there_is_a_bound_to_the_calls_of_one_answer() -> None:
    many = [{"type": "tool_call", "id": str(number), "name": "x"} for number in range(10_000)]

    assert len(calls_in(said(many)) or []) == CALLS_MAX


def test_the_same_call_written_twice_is_one() -> None:
    document = json.dumps([{"type": "tool_call", "id": "c1", "name": "ask_coder"}])

    assert calls_in({"gen_ai.output.messages": document, "output.value": document}) == ASK
