"""Act: what an agent did at a time, a call, an answer or a hand-off, and whether it did that before. Pure."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from analytics.detectors.asked import asked

# Spans that do something by themselves; steps, chains and tasks only hold such together.
ACT_KINDS = frozenset({"tool", "agent", "handoff", "message_send", "message_process", "wait"})
_OWNER_KINDS = frozenset({"agent", "tool"})
# Clocks of two machines may differ by this, and a later call still follows an earlier one.
SKEW_NS = 1_000_000


@dataclass(frozen=True, slots=True)
class Step:
    """One row of `loop.sql`. Times are Unix nanoseconds, `end_ns` is 0 while open; 0 is an unknown hash.

    `answer` is what came of it, where that is short; it may hold anything; nobody is told it. `limited` and
    `wait_s` are as those of `attempts.Call`.
    """

    project: str
    trace_id: str
    span_id: str
    parent_span_id: str
    kind: str
    name: str
    agent: str
    tool: str
    handoff_to: str
    waiting_on: str
    input_hash: int
    output_hash: int
    answer: str
    failed: bool
    error_type: str
    limited: bool
    wait_s: float
    start_ns: int
    end_ns: int
    depth: int
    input_tokens: int
    output_tokens: int
    cost_usd: float
    left_out_version: int = 0

    @property
    def is_handoff(self) -> bool:
        """Whether it does nothing but hand over: LangGraph's goto is a chain that says to whom."""
        return self.kind == "handoff" or (self.handoff_to != "" and self.kind not in ACT_KINDS)

    @property
    def outcome(self) -> Hashable:
        """What came of it, None where unknown. An error is its type: its text may hold a time or an id."""
        if self.failed:
            return self.error_type
        return self.output_hash or None


@dataclass(frozen=True, slots=True)
class Act:
    """A step in the sequence of who does it.

    Parameters
    ----------
    key
        Equal for acts that repeat each other; None: nothing can be said of it, so it repeats nothing.
    is_known
        What went in and what came out are both known.
    is_work
        It is more than a hand-off.
    said_only
        It is known by what it put out alone: the same answer to another question is no repetition.
    hands_over
        It is a hand-off, or a turn in which one was made.
    prompts
        Hashes of what its models were asked, in order; empty unless all are known.
    """

    step: Step
    key: Hashable
    is_known: bool
    is_work: bool = True
    said_only: bool = False
    hands_over: bool = False
    prompts: Sequence[int] = ()

    def asks_as(self, other: "Act") -> bool:
        """Whether the same went in: where an agent's own input holds an id, its models' prompts may not."""
        has_input = self.step.input_hash != 0 and self.step.input_hash == other.step.input_hash
        return has_input or (bool(self.prompts) and self.prompts == other.prompts)


def acts_by_owner(steps: Sequence[Step]) -> list[list[Act]]:
    """Return the acts of one trace, a sequence for each who acts, by start.

    Who acts is the nearest agent or tool above: workers side by side have sequences of their own. What has
    no such ancestor is in one sequence: agents that run one after the other below a workflow.
    """
    owners = _owners(steps)
    below: defaultdict[str, list[Step]] = defaultdict(list)
    for step in sorted(steps, key=lambda step: (step.start_ns, step.span_id)):
        if step.kind in ACT_KINDS or step.kind == "llm" or step.is_handoff:
            below[owners[step.span_id]].append(step)
    has_inputs = any(step.input_hash for step in steps if step.kind == "tool")
    asks = {span_id: answer for group in below.values() for span_id, answer in asked(group)}
    acts: dict[str, Act] = {}
    for step in sorted(steps, key=lambda step: -step.depth):
        acts[step.span_id] = _act(
            step,
            [acts.get(one.span_id) for one in below[step.span_id]],
            has_inputs=has_inputs,
            asked_hash=asks.get(step.span_id, 0),
        )
    return [_told(acts[step.span_id] for step in group) for group in below.values()]


def _told(acts: Iterable[Act]) -> list[Act]:
    return [act for act in acts if act.step.kind != "llm" and not _says_nothing(act)]


def _says_nothing(act: Act) -> bool:
    """Messages whose content was not captured stand between all else and say nothing."""
    return act.key is None and act.step.kind.startswith("message_")


def _owners(steps: Sequence[Step]) -> dict[str, str]:
    """Return by span the nearest agent or tool above it, '' where there is none; parents before children."""
    kinds = {step.span_id: step.kind for step in steps}
    owners: dict[str, str] = {}
    for step in sorted(steps, key=lambda step: step.depth):
        parent = step.parent_span_id
        owners[step.span_id] = parent if kinds.get(parent) in _OWNER_KINDS else owners.get(parent, "")
    return owners


def _act(step: Step, below: Sequence[Act | None], *, has_inputs: bool, asked_hash: int) -> Act:
    if step.is_handoff:
        return Act(
            step, ("handoff", step.agent, step.handoff_to), is_known=False, is_work=False, hands_over=True
        )
    if step.kind == "wait":
        return Act(step, ("wait", step.agent, step.waiting_on), is_known=False, is_work=False)
    if step.kind == "agent":
        return _turn(step, [act for act in below if act is not None])
    if step.kind == "llm":
        return Act(step, ("llm", step.outcome) if step.outcome else None, is_known=False, said_only=True)
    # a tool without arguments has no input, and nor has one whose input was not captured
    knows_input = step.input_hash != 0 or (has_inputs and step.kind == "tool")
    key = (step.kind, step.agent, step.tool or step.name, step.input_hash or asked_hash, step.outcome)
    is_told = bool(step.input_hash or step.output_hash or asked_hash)
    return Act(step, key if is_told else None, is_known=knows_input and step.outcome is not None)


def _turn(step: Step, below: Sequence[Act]) -> Act:
    """Return an agent's turn: known by its answer, else by what was done in it.

    An agent in which there is nothing but another one's turn is that turn: OpenAI Agents' "Agent workflow".
    """
    if len(below) == 1 and below[0].step.kind == "agent" and below[0].key is not None:
        return below[0]
    asked_of = tuple(act.step.input_hash for act in below if act.step.kind == "llm")
    prompts = asked_of if all(asked_of) else ()
    if step.outcome is not None:
        is_known = step.input_hash != 0 or bool(prompts)
        key = ("turn", step.agent, step.outcome)
        return Act(step, key, is_known=is_known, said_only=True, prompts=prompts)
    if any(act.key is None and act.step.kind in ("tool", "agent") for act in below):
        return Act(step, None, is_known=False)
    done = tuple(hash(act.key) for act in below)
    called = any(act.is_known for act in below)
    said = any(act.key is not None and act.step.kind == "llm" for act in below)
    if called or said:
        is_known = called or bool(prompts)
        return Act(step, ("turn", step.agent, done), is_known=is_known, said_only=not called, prompts=prompts)
    hands_over = any(act.hands_over for act in below)
    return Act(step, ("talk", step.agent, done), is_known=False, is_work=False, hands_over=hands_over)
