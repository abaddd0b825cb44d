"""Standing: who waits for whom among the open spans of one project and environment. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import get_args

from analytics.waits.directory import Candidates, Directory, asked
from analytics.waits.graph import Node, NodeKind
from analytics.waits.instances import NONE, Instances
from analytics.waits.open_span import CALL_KINDS, OpenSpan
from analytics.waits.wait import Wait

# Of one project and environment. What waits beyond them counts as working.
EDGES_MAX = 500_000
# What is reported once may run for as long as it likes, and never says that its process died. After as long
# as anything unlearned may take (`stuck_span`: a workflow) it is doubted, where a name has others.
QUIET_S_MAX = 1_800.0
# Spans of these kinds right below a wait are how it waits: a poll, a long request.
_IDLE_KINDS = frozenset({"other", "chain", "step", "task"})
_KINDS = frozenset(get_args(NodeKind))


@dataclass
class Standing:
    """Who waits for whom now.

    Parameters
    ----------
    waits
        Requests that are open, in a form for graph reduction.
    shown
        By the id of a wait and a target the span that shows it.
    working
        Nodes in which something goes on, whatever waits there are beside it, and those of which nobody knows.
    nested
        Ids of waits that follow from nothing but one agent running right below another.
    """

    nodes: dict[str, Node] = field(default_factory=dict)
    waits: list[Wait] = field(default_factory=list)
    shown: dict[tuple[str, str], OpenSpan] = field(default_factory=dict)
    working: set[str] = field(default_factory=set)
    nested: set[str] = field(default_factory=set)

    @cached_property
    def waiting(self) -> frozenset[str]:
        """Nodes of which a wait is known."""
        return frozenset(wait.waiter for wait in self.waits)


def standing(spans: Sequence[OpenSpan], now_ns: int, missed_s: float = 0.0) -> Standing:
    """Return who waits for whom by what is open.

    An instance is held up only if every open span of its that has nothing open below it is a wait:
    else something goes on in it. What is not known goes on.

    Parameters
    ----------
    spans
        Of one project and environment.
    missed_s
        Seconds without heartbeats after which a wait is lost, at least.
    """
    gathering = _Gathering(spans, now_ns, missed_s)
    gathering.gather_agents()
    gathering.gather_calls()
    gathering.gather_leaves()
    gathering.gather_locks()
    return gathering.found


class _Gathering:
    """Collects a `Standing`."""

    def __init__(self, spans: Sequence[OpenSpan], now_ns: int, missed_s: float) -> None:
        self.found = Standing()
        self._spans = spans
        self._now_ns = now_ns
        self._missed_s = missed_s
        self._instances = Instances(spans)
        self._directory = Directory()
        self._beneath: defaultdict[str, list[str]] = defaultdict(list)
        self._locks: dict[str, str] = {}
        self._at_work_together: set[str] = set()
        self._edges = 0
        self._beat_ns: dict[str, int] = {}
        for span in spans:
            if span.beats and span.last_seen_ns > self._beat_ns.get(span.trace_id, 0):
                self._beat_ns[span.trace_id] = span.last_seen_ns

    def gather_agents(self) -> None:
        """Enter every instance of which an agent's name is known.

        One of which nothing is reported any more has died: nobody waits for it who came later. One that was
        reported once, long ago, may have.
        """
        heard_ns: dict[str, int] = {}
        for instance, span in zip(self._instances.of, self._spans, strict=True):
            if span.last_seen_ns > heard_ns.get(instance, 0):
                heard_ns[instance] = span.last_seen_ns
        for number, top in enumerate(self._instances.tops):
            span = self._spans[number]
            if number != top or not span.agent:
                continue
            instance = self._instances.of[number]
            if not (span.beats and span.is_silent(heard_ns[instance], self._now_ns, self._missed_s)):
                quiet = self._now_ns - heard_ns[instance] > QUIET_S_MAX * 1e9
                self._directory.add(instance, span, quiet=quiet)
            self._node(instance, "agent", span.agent, span.agent)

    def gather_calls(self) -> None:
        """Take in that an agent waits for another that runs below it."""
        for parent, number in self._instances.calls:
            caller, callee = self._spans[parent], self._spans[number]
            waiter, target = self._instances.of[parent], self._instances.of[number]
            if not (caller.agent and callee.agent):
                continue
            if caller.says_wait:
                self._beneath[caller.id].append(target)
            if self._is_lost(caller, callee):
                self.found.working.add(waiter)
                continue
            is_call = caller.kind in CALL_KINDS
            if not is_call:
                self.found.nested.add(callee.id)
            wait = Wait(
                callee.id,
                waiter,
                (target,),
                needed=1,
                since_ns=callee.opened_ns,
                seen_ns=self._held_until_ns(caller, callee),
                inferred=not (is_call and caller.beats and callee.beats),
                held_ns=max(caller.first_seen_ns, callee.first_seen_ns),
            )
            self._wait(wait, [caller if is_call else callee])

    def gather_leaves(self) -> None:
        """Take in what every span says that it waits for; what is open and says nothing goes on."""
        for number, span in enumerate(self._spans):
            if span.holds:
                continue
            if span.says_wait:
                self._take_wait(number, span)
            elif self._is_at_work(number, span) and not self._take_call(number, span):
                self._work(self._instances.may_be(number))

    def gather_locks(self) -> None:
        """Take in that a lock which is held waits for whoever may give it back first."""
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for number, span in enumerate(self._spans):
            if span.holds in self._locks and not self._is_gone(span):
                holders[span.holds].append(number)
        for name, numbers in holders.items():
            self._take_lock(self._locks[name], numbers)

    def _work(self, instances: Sequence[str]) -> None:
        """Note that something goes on in one of these: the same ones come for each span of theirs."""
        if len(instances) == 1 or instances[0] not in self._at_work_together:
            self.found.working.update(instances)
        if len(instances) > 1:
            self._at_work_together.add(instances[0])

    def _take_lock(self, lock: str, numbers: Sequence[int]) -> None:
        capacity = max(self._spans[number].holds_capacity or 1 for number in numbers)
        if len(numbers) > capacity:
            numbers = self._at_once(numbers)
        spans = [self._spans[number] for number in numbers]
        if len(numbers) < capacity or self._is_lost(*spans):
            return
        by_instance = {self._instances.of[number]: self._spans[number] for number in numbers}
        for instance, span in by_instance.items():
            self._node(instance, "other", span.agent or span.name, span.agent)
        # more at once than it can have: several locks have this name
        certain = len(numbers) == capacity and all(
            len(self._instances.may_be(number)) == 1 for number in numbers
        )
        wait = Wait(
            f"holders of {lock}",
            lock,
            tuple(by_instance),
            needed=1,
            since_ns=max(span.opened_ns for span in spans),
            seen_ns=self._held_until_ns(*spans),
            inferred=not (certain and all(span.beats for span in spans)),
            held_ns=max(span.first_seen_ns for span in spans),
        )
        self._wait(wait, by_instance.values())

    def _at_once(self, numbers: Sequence[int]) -> list[int]:
        """Leave out who was last seen to hold it before another began: the end is still under way."""
        newest_ns = max(self._spans[number].first_seen_ns for number in numbers)
        return [number for number in numbers if self._spans[number].last_seen_ns >= newest_ns]

    def _take_wait(self, number: int, span: OpenSpan) -> None:
        waiter, targets = self._instances.of[number], span.targets
        self._node(waiter, "other", span.agent or span.name, span.agent)
        if self._is_lost(span) or not targets:
            self.found.working.add(waiter)
            return
        meant = [self._meant(name, span, waiter) for name in targets]
        needed = len(targets) if span.wait_needed is None else min(span.wait_needed, len(targets))
        certain = all(each.certain for each in meant) and len(self._instances.may_be(number)) == 1
        ids = tuple(dict.fromkeys(target for each in meant for target in each.ids))
        # two names may mean one
        needed = min(needed, len(ids))
        self._wait(self._wait_of(span, waiter, ids, needed, certain=certain), [span] * len(ids))

    def _take_call(self, number: int, span: OpenSpan) -> bool:
        """Say whether an open call is one of another agent that is open, by the name it calls."""
        waiter = self._instances.of[number]
        name = (span.handoff_to or asked(span.tool)) if span.kind in CALL_KINDS else ""
        if not name or span.is_patient or not span.agent or self._is_lost(span):
            return False
        ids = self._directory.find(name, span, waiter).ids
        above = {caller for caller, _ in self._instances.callers(waiter)}
        # what calls its own caller calls another instance of it, which is not seen yet
        if not ids or above.intersection(ids):
            return False
        self._wait(self._wait_of(span, waiter, tuple(ids), 1, certain=False), [span] * len(ids))
        return True

    def _wait_of(
        self, span: OpenSpan, waiter: str, ids: tuple[str, ...], needed: int, *, certain: bool
    ) -> Wait:
        return Wait(
            span.id,
            waiter,
            ids,
            needed,
            since_ns=span.opened_ns,
            seen_ns=self._held_until_ns(span),
            deadline_ns=span.deadline_ns(self._now_ns),
            inferred=not (certain and span.beats),
            held_ns=span.first_seen_ns,
        )

    def _meant(self, name: str, span: OpenSpan, waiter: str) -> Candidates:
        kind: NodeKind = span.wait_reason if span.wait_reason in _KINDS else "other"  # type: ignore[assignment]
        if kind in {"agent", "other"}:
            beneath = [one for one in self._beneath.get(span.id, ()) if self.found.nodes[one].agent == name]
            found = Candidates(beneath, certain=len(beneath) == 1)
            found = found if beneath else self._directory.find(name, span, waiter)
            if found.ids:
                return Candidates(found.ids, found.certain and not self._may_recur(found.ids[0], waiter))
        place = f" in {span.environment}" if span.environment else ""
        target = f"{kind} {name}{place}"
        self._node(target, kind, name, name if kind == "agent" else "")
        if kind == "lock":
            self._locks[name] = target
        return Candidates((target,), certain=True)

    def _may_recur(self, target: str, waiter: str) -> bool:
        """Say whether the target called the waiter: then another instance of it may be meant."""
        for caller, is_call in self._instances.callers(waiter):
            if not is_call:
                return False
            if caller == target:
                return True
        return False

    def _is_at_work(self, number: int, span: OpenSpan) -> bool:
        """Say whether it is open with nothing below it, and is not how a wait above it waits."""
        if not self._instances.is_leaf(number):
            return False
        parent = self._instances.parents[number]
        polls = span.kind in _IDLE_KINDS and parent != NONE and self._spans[parent].says_wait
        return not polls and not self._is_gone(span)

    def _is_lost(self, *spans: OpenSpan) -> bool:
        return any(span.is_lost(self._now_ns, self._missed_s) for span in spans)

    def _is_gone(self, span: OpenSpan) -> bool:
        return span.is_gone(self._beat_ns.get(span.trace_id, 0))

    def _held_until_ns(self, *spans: OpenSpan) -> int:
        return min([span.held_until_ns(self._now_ns, self._beat_ns.get(span.trace_id, 0)) for span in spans])

    def _wait(self, wait: Wait, spans: Iterable[OpenSpan]) -> None:
        self._edges += len(wait.targets)
        if self._edges > EDGES_MAX:
            self.found.working.add(wait.waiter)
            return
        self.found.waits.append(wait)
        for target, span in zip(wait.targets, spans, strict=True):
            self.found.shown[wait.id, target] = span

    def _node(self, instance: str, kind: NodeKind, label: str, agent: str) -> None:
        if instance not in self.found.nodes:
            span = self._spans[0]
            kind = "agent" if agent else kind
            self.found.nodes[instance] = Node(span.project, instance, kind, label, agent, working=True)
