"""Agents that wait for each other: rings, a lost reply, and waits that end."""

import threading
from collections.abc import Callable, Mapping

from bench.detectors.agent import Agent, Call, Say, Tool
from bench.detectors.scene import Gathering, PatientLock, Scene

TEAM = ("planner", "coder", "tester", "writer")
SUITE_S = 10.0
ARTIFACT = {"planner": "plan", "coder": "code", "tester": "tests", "writer": "docs"}


def _team(scene: Scene, size: int, *, deadline_s: float | None = None) -> list[Callable[[], object]]:
    """Return what each does: work, then ask the next for its artifact; the last asks the first, or nobody."""
    names = TEAM[:size]
    done = {name: threading.Event() for name in names}
    closing = Gathering(size, scene.holds)
    waits = dict(zip(names, names[1:] + names[:1], strict=True))
    if not scene.faulty:
        waits.pop(names[-1])

    def asks(other: str) -> Callable[[str], str]:
        def ask(query: str) -> str:
            with scene.waiting_for(other, resource=ARTIFACT[other], deadline=deadline_s):
                closing.join()
                done[other].wait(deadline_s or scene.lasts_s)
            return f"{query}: here it is"

        return ask

    def part(name: str) -> Callable[[], object]:
        def act() -> None:
            _act(scene, name, {other: asks(other) for other in [waits.get(name)] if other})
            done[name].set()

        return act

    return [part(name) for name in names]


def _act(scene: Scene, name: str, ask: Mapping[str, Callable[[str], str]]) -> None:
    calls = [
        Call.once("draft", ARTIFACT[name]),
        *(Call.once(f"ask_{other}", ARTIFACT[other]) for other in ask),
    ]
    tools = [Tool("draft", scene.works), *(Tool(f"ask_{other}", work) for other, work in ask.items())]
    scene.run(Agent(name, [*calls, Say("My part is done.")], tools), f"Make the {ARTIFACT[name]}.")


def _ring(scene: Scene, size: int, *, deadline_s: float | None = None) -> None:
    with scene.request("release"):
        scene.together(*_team(scene, size, deadline_s=deadline_s))


def ring_of_two(scene: Scene) -> None:
    _ring(scene, 2)


def ring_of_three(scene: Scene) -> None:
    _ring(scene, 3)


def ring_of_four(scene: Scene) -> None:
    _ring(scene, 4)


def ring_with_a_deadline(scene: Scene) -> None:
    _ring(scene, 2, deadline_s=scene.lasts_s)


def ring_across_traces(scene: Scene) -> None:
    scene.together(*(lambda act=act: scene.apart(act) for act in _team(scene, 3)))


def ring_of_locks(scene: Scene) -> None:
    locks = {name: PatientLock(scene.lasts_s) for name in ("index", "ledger")}
    closing = Gathering(2, scene.holds)

    def takes(first: str, second: str) -> Callable[[str], str]:
        def take(query: str) -> str:
            with scene.acquire(locks[first], first):
                scene.works_for(0.5, query)
                closing.join()
                if scene.faulty:
                    # on a busy machine one is done before the other begins, and there is no ring
                    closing.wait(scene.lasts_s)
                with scene.acquire(locks[second], second):
                    return scene.works(query)

        return take

    def part(name: str, first: str, second: str) -> Callable[[], object]:
        tool = Tool("update_books", takes(first, second))
        script = [Call.once("update_books", "invoice 12"), Say("Booked.")]
        return lambda: scene.run(Agent(name, script, [tool]), "Book invoice 12.")

    opposite = ("ledger", "index") if scene.faulty else ("index", "ledger")
    with scene.request("booking"):
        scene.together(part("importer", "index", "ledger"), part("auditor", *opposite))


def lost_reply(scene: Scene) -> None:
    """The coder does its part; what it answers reaches the planner or does not."""
    replied = threading.Event()

    def asks(query: str) -> str:
        with scene.waiting_for("coder", resource="code"):
            scene.holds()
            replied.wait(scene.lasts_s)
        return f"{query}: here it is"

    def code() -> None:
        _act(scene, "coder", {})
        if not scene.faulty:
            replied.set()

    with scene.request("release"):
        scene.together(lambda: _act(scene, "planner", {"coder": asks}), code)


def wait_for_either(scene: Scene) -> None:
    """The planner waits for the coder or the tester, the coder for the planner, and the tester works."""
    done = {name: threading.Event() for name in TEAM}
    # it works, and is seen to: one suite after the other, each as long as a suite takes
    suites = [f"suite {number}" for number in range(int(scene.lasts_s / SUITE_S) if scene.faulty else 1)]
    # should a framework fail, nobody waits for ever
    bound_s = scene.lasts_s + 60

    def asks_either(query: str) -> str:
        with scene.waiting_for("coder", "tester", resource="code", needed=1):
            done["tester"].wait(bound_s)
        return f"{query}: here it is"

    def asks_planner(query: str) -> str:
        with scene.waiting_for("planner", resource="plan"):
            done["planner"].wait(bound_s)
        return f"{query}: here it is"

    def plan() -> None:
        script = [Call.once("ask_either", "code"), Say("Planned.")]
        scene.run(Agent("planner", script, [Tool("ask_either", asks_either)]), "Make the plan.")
        done["planner"].set()

    def test() -> None:
        tool = Tool("run_tests", lambda query: scene.works_for(SUITE_S, query))
        script = [*(Call.once("run_tests", suite) for suite in suites), Say("Green.")]
        scene.run(Agent("tester", script, [tool]), "Run the tests.")
        done["tester"].set()

    with scene.request("release"):
        scene.together(plan, lambda: _act(scene, "coder", {"planner": asks_planner}), test)
