"""Who waits for whom in the fleet: scenes of the wait-for graph, the same at every run."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

from analytics.api.models import Finding, WaitEdge, WaitNode, WaitRing, Waits
from tests.dashboard import fleet

Scene = Literal[
    "none", "no look", "calm", "ring", "bounded", "overdue", "pair", "locks", "several", "forming", "big"
]
TEAM = ("planner", "coder", "tester", "writer")
RESOURCES = ("code", "tests", "docs", "plan")
RING_ID = "0d9a6f0c2b7e4c3b8f5e1a2d3c4b5a69"
PAST_ID = "1d9a6f0c2b7e4c3b8f5e1a2d3c4b5a69"
OTHER_ID = "2d9a6f0c2b7e4c3b8f5e1a2d3c4b5a69"


def waits(scene: Scene) -> Waits:
    """Return the graph of a scene."""
    return SCENES[scene]()


def deadlock_findings(scene: Scene) -> list[Finding]:
    """Return the findings of a scene: those that stand, and one that is over."""
    if scene in ("none", "no look"):
        return []
    return [*([ring_finding(scene)] if scene in STANDING else []), past_finding()]


def ring_finding(scene: Scene) -> Finding:
    return fleet.finding(
        id=RING_ID,
        detector="deadlock",
        severity="S2" if scene == "bounded" else "S1",
        grade="suspected" if scene == "bounded" else "confirmed",
        title="planner, coder, tester and writer wait for each other in a ring; none of them can go on.",
        advice="Cancel the tester's wait for docs, or hand it the docs by hand; "
        "then give each of these waits a timeout.",
        agents=list(TEAM),
        trace_ids=[fleet.STUCK_TRACE],
        span_ids=[f"{place:016x}" for place in range(0xD0, 0xD4)],
        seen_s=94,
        evidence={"members_n": 4, "overlap_s": 91.0, "gate_s": 1.0, "victims_n": 3},
    )


def past_finding() -> Finding:
    return fleet.finding(
        id=PAST_ID,
        detector="deadlock",
        severity="S1",
        grade="confirmed",
        title="coder and tester wait for each other in a ring; none of them can go on.",
        advice="Nothing to do: it is over.",
        agents=["coder", "tester"],
        trace_ids=[fleet.FAILED_TRACE],
        span_ids=["00000000000000b3", "00000000000000b4"],
        seen_s=2400,
        resolved_s=2280,
        resolution="coder's wait for tester timed out after 2m 00s.",
        resolution_word="ended",
        evidence={"members_n": 2},
    )


def node(name: str, **known: Any) -> WaitNode:
    return WaitNode(**{"id": name, "kind": "agent", "label": name, "agent": name, "working": False, **known})


def edge(waiter: str, target: str, since_s: float, place: int, **known: Any) -> WaitEdge:
    """Return a wait that began `since_s` before NOW."""
    said: dict[str, Any] = {
        "kind": "agent",
        "resource": "reply",
        "needed": 1,
        "targets": 1,
        "deadline": None,
        "trace_id": fleet.STUCK_TRACE,
        "span_id": f"{place:016x}",
        "inferred": False,
        **known,
    }
    since = fleet.before(since_s)
    return WaitEdge(
        waiter=waiter, target=target, since=since, last_seen=fleet.before(1), age_s=since_s, **said
    )


def ring_of(names: Sequence[str], closed_s: float, begin: int = 0, **known: Any) -> WaitRing:
    said: dict[str, Any] = {
        "finding_id": RING_ID,
        "grade": "confirmed",
        "breaks": None,
        "victims": [],
        "cut": 2,
        **known,
    }
    hops = list(range(begin, begin + len(names)))
    return WaitRing(closed=fleet.before(closed_s), age_s=closed_s, hops=hops, **said)


def hops(names: Sequence[str], resources: Sequence[str], since_s: float, place: int = 0xD0) -> list[WaitEdge]:
    """Return the waits of a ring; the last closed it."""
    pairs = zip(names, [*names[1:], names[0]], resources, strict=True)
    return [
        edge(waiter, target, since_s + len(names) - number, place + number, resource=resource)
        for number, (waiter, target, resource) in enumerate(pairs)
    ]


def team() -> Waits:
    tail = [
        edge("reviewer", "coder", 61, 0xE0, resource="patch"),
        edge("billing", "planner", 12, 0xE1),
        edge("router", "billing", 11, 0xE2),
        edge("researcher", "search", 0.8, 0xE3, kind="tool", resource="results"),
    ]
    names = [*TEAM, "reviewer", "billing", "router", "researcher"]
    nodes = [*map(node, names), node("search", kind="tool", agent=None, working=True)]
    ring = ring_of(TEAM, 93, victims=["reviewer", "billing", "router"])
    return Waits(at=fleet.before(1), nodes=nodes, edges=[*hops(TEAM, RESOURCES, 93), *tail], rings=[ring])


def bounded(left_s: float) -> Waits:
    graph = team()
    deadline = fleet.before(-left_s)
    graph.edges[1] = graph.edges[1].model_copy(update={"deadline": deadline})
    graph.rings[0] = graph.rings[0].model_copy(update={"breaks": deadline, "grade": "suspected"})
    return graph


def pair() -> Waits:
    names = ("coder", "tester")
    ring = ring_of(names, 31, cut=1, grade="probable")
    return Waits(
        at=fleet.before(1), nodes=[*map(node, names)], edges=hops(names, ("tests", "code"), 31), rings=[ring]
    )


def locks() -> Waits:
    """Two agents, each of which holds the lock that the other waits for."""
    chain = ("coder", "index", "writer", "repo")
    found = hops(chain, ("index", "index", "repo", "repo"), 45)
    edges = [one.model_copy(update={"kind": "lock"}) for one in found]
    nodes = [node("coder"), node("writer")]
    nodes += [node(name, kind="lock", agent=None) for name in ("index", "repo")]
    return Waits(at=fleet.before(1), nodes=nodes, edges=edges, rings=[ring_of(chain, 45, cut=0)])


def several() -> Waits:
    graph, others = team(), ("merchant", "bank", "courier")
    begin = len(graph.edges)
    return Waits(
        at=graph.at,
        nodes=[*graph.nodes, *map(node, others)],
        edges=[*graph.edges, *hops(others, ("order", "payment", "parcel"), 20, 0xF0)],
        rings=[*graph.rings, ring_of(others, 20, begin, finding_id=OTHER_ID, grade="probable", cut=0)],
    )


def calm() -> Waits:
    pairs = (
        ("planner", "coder", 3.1),
        ("writer", "coder", 2.2),
        ("coder", "tester", 1.4),
        ("critic", "search", 0.6),
    )
    edges = [edge(waiter, target, since_s, place) for place, (waiter, target, since_s) in enumerate(pairs)]
    names = [*TEAM, "critic", "researcher"]
    nodes = [*map(node, names), node("search", kind="tool", agent=None, working=True)]
    return Waits(at=fleet.before(1), nodes=nodes, edges=edges, rings=[])


def forming() -> Waits:
    graph = pair()
    ring = graph.rings[0].model_copy(update={"grade": "suspected", "finding_id": None})
    return graph.model_copy(update={"rings": [ring]})


def big() -> Waits:
    names = [f"agent {place}" for place in range(10_000)]
    edges = [edge(waiter, "gateway", 50 - place / 300, place) for place, waiter in enumerate(names)]
    nodes = [*map(node, names), node("gateway", kind="external", agent=None, working=True)]
    return Waits(at=fleet.before(1), nodes=nodes, edges=edges, rings=[])


def nobody(at: str | None) -> Callable[[], Waits]:
    return lambda: Waits(at=at, nodes=[], edges=[], rings=[])


SCENES: dict[Scene, Callable[[], Waits]] = {
    "none": nobody(fleet.before(1)),
    "no look": nobody(None),
    "calm": calm,
    "ring": team,
    "bounded": lambda: bounded(130),
    "overdue": lambda: bounded(-20),
    "pair": pair,
    "locks": locks,
    "several": several,
    "forming": forming,
    "big": big,
}
STANDING = {"ring", "bounded", "overdue", "pair", "locks", "several"}
