"""The system prompt of a call, in the forms that libraries send it."""

import json
from typing import Any

import pytest

from analytics.prompts.system_prompt import system_prompt

SYSTEM = {"role": "system", "content": "Be brief."}
USER = {"role": "user", "content": "Hi"}
FORMS: dict[str, tuple[dict[str, str], Any]] = {
    "OpenTelemetry": ({"gen_ai.system_instructions": '[{"type": "text", "content": "Be brief."}]'}, ""),
    "OpenLLMetry's text": ({"gen_ai.system_instructions": "Be brief."}, ""),
    "messages": ({}, [SYSTEM, USER]),
    "messages with parts": (
        {},
        [{"role": "system", "parts": [{"type": "text", "content": "Be brief."}]}, USER],
    ),
    "a developer's": ({}, {"messages": [SYSTEM | {"role": "developer"}, USER]}),
    "LangChain's": (
        {},
        {"messages": [[{"lc": 1, "id": ["a", "SystemMessage"], "kwargs": {"content": "Be brief."}}]]},
    ),
    "Anthropic's": ({}, {"system": [{"type": "text", "text": "Be brief."}], "messages": [USER]}),
    "OpenAI's responses": ({}, {"instructions": "Be brief.", "input": "Hi"}),
    "Logfire's events": ({"events": json.dumps([SYSTEM, USER])}, ""),
    "OpenLLMetry before 0.50": (
        {"gen_ai.prompt.0.role": "system", "gen_ai.prompt.0.content": "Be brief."},
        "",
    ),
    "OpenInference": (
        {
            "llm.input_messages.0.message.role": "system",
            "llm.input_messages.0.message.contents.0.message_content.text": "Be brief.",
        },
        "",
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_it_is_read_in_every_form(form: str) -> None:
    attributes, asked = FORMS[form]

    assert system_prompt(attributes, asked if asked == "" else json.dumps(asked)) == "Be brief."


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "Be brief.",
        "[",
        "{}",
        json.dumps([USER, {"role": "assistant", "content": SYSTEM["content"]}]),
        json.dumps({"role": ["system"], "content": 1}),
        json.dumps({"messages": {"role": "system"}, "id": ["SystemMessage"], "kwargs": None}),
        "[" * 100_000,
    ],
)
def test_what_has_none_has_none(asked: str) -> None:
    assert not system_prompt({"gen_ai.prompt.0.role": "user", "events": asked}, asked)
