"""Waiting: the wait-for graph at one moment, with what its nodes are called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from analytics.api.models import WaitEdge, WaitNode, Waits
from dashboard.wording.amount import shortened
from dashboard.wording.moment import moment

KIND_WORDS = {"agent": "", "human": "person", "external": "outside", "other": ""}


@dataclass(frozen=True, slots=True)
class Waiting:
    """Who waits for whom, as of `now` by the API's clock."""

    waits: Waits
    now: datetime
    nodes: Mapping[str, WaitNode]

    def name(self, node_id: str) -> str:
        """Return what a person calls a node."""
        node = self.nodes.get(node_id)
        return (node.label if node else "") or node_id

    def kind(self, node_id: str) -> str:
        """Return a word for what a node is; '' for an agent, which most are."""
        node = self.nodes.get(node_id)
        return KIND_WORDS.get(node.kind, node.kind) if node else ""

    def is_lock(self, node_id: str) -> bool:
        node = self.nodes.get(node_id)
        return node is not None and node.kind == "lock"

    def waited_s(self, edge: WaitEdge) -> float:
        """Return how long a wait has lasted by now, in seconds."""
        return max((self.now - moment(edge.since)).total_seconds(), 0.0)

    def sentence(self, edge: WaitEdge) -> str:
        """Return one wait in words."""
        waiter, target = shortened(self.name(edge.waiter)), shortened(self.name(edge.target))
        if self.is_lock(edge.waiter):
            return f"{waiter} is held by {target}."
        what = f" ({shortened(edge.resource)})" if edge.resource and not self.is_lock(edge.target) else ""
        return f"{waiter} waits for {target}{what}."


def waiting(waits: Waits, now: datetime) -> Waiting:
    """Return `waits` as they stand at `now`."""
    return Waiting(waits, now, {node.id: node for node in waits.nodes})
