"""Which agent a call is for, and whether a person answers it, by the names in it. Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache

# What stands around the agent's name in a tool that asks it: `ask_coder`, `transfer_to_coder_agent`.
_VERBS = (
    r"(?:ask|call|consult|contact|delegate(?:_work)?(?:_to)?|hand_?off(?:_to)?|invoke|message|notify|query|"
    r"request(?:_from)?|run|send(?:_message)?(?:_to)?|talk_to|transfer(?:_to)?|wait_for|await)"
)
_ASKS = re.compile(rf"^{_VERBS}_(?P<agent>.+?)$")
# Words in the name of a tool that a person answers.
_HUMAN = re.compile(
    r"(?:^|_)(?:human|approval|approve|user_input|ask_user|get_user|confirm_with_user|user_confirmation|"
    r"input_required|feedback_from_user|operator)(?:_|$)"
)


@lru_cache(maxsize=4096)
def normal(name: str) -> str:
    """Return a name as it is compared: CrewAI calls one tool by two spellings.

    Examples
    --------
    >>> normal("Ask question to coworker"), normal("TransferToCoder")
    ('ask_question_to_coworker', 'transfer_to_coder')
    """
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name[:200])
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_")


class Agents:
    """The agents of a trace, by the names that calls have for them.

    Examples
    --------
    >>> agents = Agents(["planner", "coder"])
    >>> agents.called("ask_coder", "", by="planner")
    'coder'
    >>> agents.called("transfer_to_agent", "Coder", by="planner")
    'coder'
    >>> agents.called("ask_coder", "", by="coder"), agents.called("await_tests", "", by="coder")
    ('', '')
    """

    def __init__(self, agents: Iterable[str]) -> None:
        self._by_name: dict[str, list[str]] = {}
        self._by_call: dict[str, list[str]] = {}
        for agent in sorted(agents):
            name = normal(agent)
            self._by_name.setdefault(name, []).append(agent)
            for called in {name, _bare(name)}:
                # one more, for the first may be the one who calls
                if len(known := self._by_call.setdefault(called, [])) < 2:
                    known.append(agent)

    def named(self, name: str) -> str:
        """Return the agent of that name as it calls itself; the name where there is none."""
        return next(iter(self._by_name.get(normal(name), ())), name)

    def called(self, call_name: str, recipient: str, *, by: str) -> str:
        """Return which of the other agents a call is for, '' where it names none of them."""
        named = {normal(recipient), _bare(normal(call_name))} - {""}
        return min(
            (agent for name in named for agent in self._by_call.get(name, ()) if agent != by), default=""
        )


def _bare(name: str) -> str:
    """Return a name without the verb before it and the word agent behind it."""
    asked = _ASKS.match(name)
    return (asked["agent"] if asked else name).removesuffix("_agent")


def is_for_human(call_name: str) -> bool:
    """Say whether a person answers calls of this name.

    Examples
    --------
    >>> is_for_human("request_human_approval"), is_for_human("ask_coder")
    (True, False)
    """
    return bool(_HUMAN.search(normal(call_name)))
