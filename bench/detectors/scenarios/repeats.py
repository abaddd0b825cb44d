"""What is done again and again: loops and a storm, and work that only looks like them."""

from collections.abc import Callable, Sequence
from itertools import count

from bench.detectors.agent import Agent, Call, Say, Tool, ToolError
from bench.detectors.scene import Scene

QUICK_S = 0.05


def _calls(scene: Scene, name: str, calls: Sequence[Call], work: Callable[[str], str]) -> None:
    tools = [Tool(tool, work) for tool in dict.fromkeys(call.tool for call in calls)]
    scene.run(Agent(name, [*calls, Say("That is all.")], tools), "Find out and report.")


def _quick(scene: Scene) -> Callable[[str], str]:
    return lambda query: scene.works_for(QUICK_S, query)


def identical_calls(scene: Scene) -> None:
    def look_up(query: str) -> str:
        if next(times) == 1:
            scene.holds()  # the second call is the first that repeats
        return scene.works_for(QUICK_S, query)

    times = count()
    _calls(scene, "scout", [Call.once("look_up", "invoice 12")] * (10 if scene.faulty else 1), look_up)


def cycle_of_calls(scene: Scene) -> None:
    def do(query: str) -> str:
        if next(times) == 3:
            scene.holds()
        return scene.works_for(QUICK_S, query)

    times = count()
    cycle = [Call.once("read_file", "a.py"), Call.once("run_tests", "a"), Call.once("list_files", "src")]
    _calls(scene, "fixer", cycle * (6 if scene.faulty else 1), do)


def ping_pong(scene: Scene) -> None:
    """Writer and critic hand over to each other, six times, or once."""
    with scene.request("letter"):
        for turn in range(6 if scene.faulty else 1):
            if turn == 1:
                scene.holds()
            for name, other in (("author", "critic"), ("critic", "author")):
                tool = Tool(f"transfer_to_{other}", _quick(scene))
                script = [Call.once(f"transfer_to_{other}", "your turn"), Say(f"Over to the {other}.")]
                scene.run(Agent(name, script, [tool]), "Write the letter.")


def storm_of_429(scene: Scene) -> None:
    def fetch(query: str) -> str:
        scene.holds()
        if scene.faulty:
            raise ToolError("429 Too Many Requests")
        return scene.works_for(QUICK_S, query)

    def fetches(number: int) -> Callable[[], object]:
        calls = [Call.once("fetch_prices", f"shop {number}")] * (10 if scene.faulty else 1)
        return lambda: scene.apart(lambda: _calls(scene, "buyer", calls, fetch))

    scene.together(*(fetches(number) for number in range(8)))


def polling(scene: Scene) -> None:
    def status(_: str) -> str:
        # 14 turns: nine tenths of them say how far it is
        turn = next(turns)
        scene.works_for(0.5, "")
        return "done" if turn == times - 1 else f"running, {100 * turn // times} %"

    turns, times = count(), 14 if scene.faulty else 1
    _calls(scene, "deployer", [Call.once("job_status", "job 7")] * times, status)


def batch(scene: Scene) -> None:
    calls = [Call.once("send_invoice", f"invoice {number}") for number in range(20 if scene.faulty else 1)]
    _calls(scene, "biller", calls, _quick(scene))


def pagination(scene: Scene) -> None:
    calls = [Call.once("list_orders", f"cursor={50 * page}") for page in range(15 if scene.faulty else 1)]
    _calls(scene, "collector", calls, _quick(scene))
