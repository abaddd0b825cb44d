"""What goes on in a trace by what has ended in it: which call has no answer, whose turn it is. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from analytics.inferred.agents import Agents, is_for_human, normal
from analytics.inferred.calls import Call
from analytics.inferred.heard import Heard
from analytics.inferred.returned import Returned
from analytics.inferred.runs import Run, open_runs
from analytics.inferred.step import Step
from analytics.inferred.unfinished import Evidence, OpenWork

# What comes after an answer may begin before its span's end was taken, by as much.
_SLACK_NS = 5_000_000
_PATIENT = frozenset({"human", "timer", "external"})
_ASKS = "tool_call"
_LEAVES = frozenset({"llm", "tool", "handoff", "wait", "retriever", "embedding", "memory", "message_send"})
# Of tools that hand over; others that name an agent come back with its answer.
_TRANSFERS = ("transfer_to", "handoff_to")

Calls = Mapping[str, Sequence[Call] | None]


class Inference(NamedTuple):
    """What goes on, and whether the trace came to its end though its root has not arrived."""

    work: list[OpenWork]
    talked_out: bool


def last_answers(steps: Sequence[Step]) -> list[Step]:
    """Return the model calls whose answers say what goes on: the last of each run that is open."""
    lasts = (_last_answer(run) for run in open_runs(steps).values())
    return [last for last in lasts if last is not None]


def infer(steps: Sequence[Step], calls: Calls) -> Inference:
    """Return what goes on in a trace that is quiet.

    An agent asks its model again when all that was asked for is there. So only the last answer of a run that
    has not ended can ask for something that is missing.

    Parameters
    ----------
    calls
        By span id what the answers of `last_answers` ask for, as far as they are recorded.
    """
    trace = _Trace(steps, calls)
    runs = open_runs(steps)
    if _is_whole(steps, runs):
        handed_over = list(trace.handed_over(next(iter(runs.values()))))
        return Inference(handed_over, talked_out=not handed_over)
    work = [one for run in runs.values() for one in trace.work_of(run)]
    work.sort(key=lambda one: (one.since_ns, one.asked_by))
    known = [one for one in work if one.evidence != "parent"]
    answered = max(runs.values(), key=_answered_ns, default=None)
    return Inference(work, not known and answered is not None and trace.is_talked_out(answered))


class _Trace:
    def __init__(self, steps: Sequence[Step], calls: Calls) -> None:
        self._steps = steps
        self._calls = calls
        self._agents = Agents({step.agent for step in steps if step.agent})
        self._heard = Heard(steps)
        tools = [step for step in steps if step.kind in ("tool", "handoff")]
        self._returned = Returned(tools)
        operations = Counter(step.operation for step in tools if step.kind == "tool")
        self._tool_operation = operations.most_common(1)[0][0] if operations else "execute_tool"
        # its dialect tells when an answer asks for tools; some say that it stopped, whatever it asks for
        self._tells_asking = any(_ASKS in step.finish_reasons for step in steps)
        ends = [step.end_ns for step in steps if step.wait_reason in _PATIENT]
        self._is_patient = bool(ends) and not any(step.start_ns > max(ends) for step in steps)

    def work_of(self, run: Run) -> Iterator[OpenWork]:
        """Yield what goes on in a run; nothing where it came to its end."""
        last = max(run.steps, key=lambda step: (step.end_ns, step.start_ns))
        answer = _last_answer(run)
        if self._is_handed_over(last):
            yield self._work("handoff", run, last, last.handoff_to, self._agents.named(last.handoff_to))
        elif answer is None:
            yield self._work("parent", run, last)
        elif missing := self._missing(answer):
            for call in missing:
                target = self._agents.called(call.name, call.recipient, by=answer.agent)
                yield self._work("call", run, answer, call.name, target)
        elif self._asked_unsaid(answer) and not _after(answer, run):
            yield self._work("call", run, answer)
        elif self._asked(answer) and _after(answer, run):
            yield self._work("model", run, last, answer.model or "its model")
        elif not self.is_talked_out(run):
            yield self._work("parent", run, last)

    def handed_over(self, run: Run) -> Iterator[OpenWork]:
        """Yield whom the last hand-off of the trace is to, if nothing came of it."""
        hands = [step for step in self._steps if step.handoff_to]
        last = max(hands, key=lambda step: step.end_ns, default=None)
        if last and self._is_handed_over(last):
            yield self._work("handoff", run, last, last.handoff_to, self._agents.named(last.handoff_to))

    def is_talked_out(self, run: Run) -> bool:
        """Say whether the last answer of a run asks for nothing, and nothing came after it."""
        answer = _last_answer(run)
        if answer is None or _after(answer, run):
            return False
        calls = self._calls.get(answer.span_id)
        if calls is not None:
            return not calls
        return self._tells_asking and bool(answer.finish_reasons) and _ASKS not in answer.finish_reasons

    def _is_handed_over(self, last: Step) -> bool:
        hands_over = last.kind == "handoff" or normal(last.tool).startswith(_TRANSFERS)
        to = last.handoff_to
        return bool(hands_over and normal(to)) and not self._heard.of(to, since_ns=last.start_ns, but=last)

    def _missing(self, answer: Step) -> list[Call]:
        """Return the calls of an answer that no span has answered."""
        calls = self._calls.get(answer.span_id) or ()
        return self._returned.missing(calls, answer.agent, answer.end_ns - _SLACK_NS)

    def _asked_unsaid(self, answer: Step) -> bool:
        return self._calls.get(answer.span_id) is None and _ASKS in answer.finish_reasons

    def _asked(self, answer: Step) -> bool:
        return bool(self._calls.get(answer.span_id)) or _ASKS in answer.finish_reasons

    def _work(
        self, evidence: Evidence, run: Run, after: Step, waits_for: str = "", target: str = ""
    ) -> OpenWork:
        return OpenWork(
            evidence=evidence,
            run_id=run.id,
            asked_by=after.span_id,
            agent=run.agent,
            waits_for=waits_for,
            target=target,
            service=after.service,
            service_instance=after.service_instance,
            operation=self._tool_operation if evidence == "call" else after.operation,
            model=after.model if evidence == "model" else "",
            agent_version=after.agent_version,
            for_human=self._is_patient or is_for_human(waits_for),
            began_ns=run.steps[0].start_ns,
            since_ns=after.end_ns,
        )


def _is_whole(steps: Sequence[Step], runs: Mapping[str, Run]) -> bool:
    """Say whether one span contains all there is, below a parent of which nothing else is seen.

    That parent is somebody else's, a gateway's that sends no spans: the trace has ended as far as we see.
    """
    tops = [step for run in runs.values() for step in run.steps if step.parent_span_id in runs]
    return (
        len(tops) == 1 < len(steps)
        and tops[0].kind not in _LEAVES
        and all(tops[0].start_ns <= step.start_ns and step.end_ns <= tops[0].end_ns for step in steps)
    )


def _last_answer(run: Run) -> Step | None:
    answers = [step for step in run.steps if step.kind == "llm" and step.end_ns]
    return max(answers, key=lambda step: (step.end_ns, step.start_ns), default=None)


def _answered_ns(run: Run) -> int:
    answer = _last_answer(run)
    return answer.end_ns if answer else 0


def _after(answer: Step, run: Run) -> bool:
    """Say whether a tool, a hand-off or an agent has ended in the run since the answer."""
    return any(
        step.kind in ("tool", "handoff", "agent") and step.start_ns >= answer.end_ns - _SLACK_NS
        for step in run.steps
    )
