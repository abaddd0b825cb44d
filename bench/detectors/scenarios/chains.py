"""Errors that travel from where they began, until somebody contains them or the request fails."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError

from bench.detectors.agent import Agent, Call, Refuse, RunError, Say, Step, Tool
from bench.detectors.scene import Scene

TOO_LONG = Refuse("This model's maximum context length is 8192 tokens")
GIVEN_UP = (CancelledError, asyncio.CancelledError)


class RouteError(RunError):
    """There is no route."""


class PackingError(RunError):
    """Nothing can be packed."""


def _works(scene: Scene, name: str, tool: str, *, refused: bool) -> str:
    """Let an agent call a tool, after which its model answers or refuses."""

    def work(query: str) -> str:
        if refused:
            scene.holds()
        return scene.works(query)

    last: Step = TOO_LONG if refused else Say("It is done.")
    return scene.run(
        Agent(scene.named(name), [Call.once(tool, "all of today"), last], [Tool(tool, work)]), "Do your part."
    )


def _asks(scene: Scene, names: Sequence[str], last: Tool) -> str:
    """Let the first agent ask the next, and so on; the last calls the tool."""
    name, *below = names
    tool = Tool(f"ask_{below[0]}", lambda _: _asks(scene, below, last)) if below else last
    script = [Call.once(tool.name, "the round of today"), Say("The round is planned.")]
    return scene.run(Agent(scene.named(name), script, [tool]), "Plan the round.")


def refused_by_model(scene: Scene) -> None:
    with scene.request("report"):
        _works(scene, "analyst", "read_sales", refused=scene.faulty)


def chain_through_steps(scene: Scene) -> None:
    with scene.request("month_end"), scene.step("close_books"), scene.step("reconcile"):
        _works(scene, "auditor", "read_books", refused=scene.faulty)


def _delivery(scene: Scene, *names: str) -> None:
    def route(query: str) -> str:
        if scene.faulty:
            scene.holds()
            raise RouteError("no route to depot north")
        return scene.works(query)

    with scene.request("delivery"):
        _asks(scene, names, Tool("get_route", route))


def chain_of_three(scene: Scene) -> None:
    _delivery(scene, "dispatcher", "driver")


def chain_of_four(scene: Scene) -> None:
    _delivery(scene, "manager", "dispatcher", "driver")


def chain_changes(scene: Scene) -> None:
    def ask(_: str) -> str:
        try:
            return _works(scene, "loader", "weigh", refused=scene.faulty)
        except Exception as error:
            raise PackingError("nothing can be packed today") from error

    script = [Call.once("ask_loader", "today's boxes"), Say("Packed.")]
    with scene.request("shipping"):
        scene.run(Agent(scene.named("packer"), script, [Tool("ask_loader", ask)]), "Pack the boxes.")


def chain_multiplied(scene: Scene) -> None:
    def survey() -> object:
        return _works(scene, "surveyor", "measure", refused=scene.faulty)

    with scene.request("survey"):
        scene.together(survey, survey, survey)


def _given_up_when(over: threading.Event, scene: Scene) -> Callable[[], object]:
    """Return the work of an agent that somebody gives up when something is over."""

    def look(query: str) -> str:
        if scene.faulty:
            over.wait(60)
            raise CancelledError
        return scene.works(query)

    def work() -> None:
        try:
            script = [Call.once("scan_mail", "the inbox"), Say("Scanned.")]
            scene.run(
                Agent(scene.named("sorter"), script, [Tool("scan_mail", look)]), "Look through the mail."
            )
        except GIVEN_UP:
            pass

    return work


def cancelled_sibling(scene: Scene) -> None:
    failed = threading.Event()

    def scan() -> None:
        try:
            _works(scene, "scanner", "scan_page", refused=scene.faulty)
        finally:
            failed.set()

    with scene.request("intake"):
        scene.together(scan, _given_up_when(failed, scene))


def race_of_two(scene: Scene) -> None:
    won = threading.Event()

    def search() -> None:
        _works(scene, "finder", "search_mail", refused=False)
        won.set()

    with scene.request("search"):
        scene.together(search, _given_up_when(won, scene))


def chain_contained(scene: Scene) -> None:
    def ask(_: str) -> str:
        try:
            return _works(scene, "driver", "get_route", refused=scene.faulty)
        except Exception as error:  # noqa: BLE001 - of any framework
            return f"the driver could not: {type(error).__name__}"

    said = "The driver could not plan the round; it is put off until tomorrow."
    script = [Call.once("ask_driver", "the round of today"), Say(said if scene.faulty else "Planned.")]
    with scene.request("round"):
        scene.run(Agent(scene.named("dispatcher"), script, [Tool("ask_driver", ask)]), "Plan the round.")
