"""One researcher with tools: what hangs, dies, is slow, or waits for a person."""

import os
import signal
from collections.abc import Callable

from bench.detectors.agent import Agent, Call, Say, Stall, Step, Tool
from bench.detectors.scene import Scene

Work = Callable[[str], str]
ANSWER = Say("The policy is 30 days.")
PAGES = [f"page {number}" for number in (4, 7, 9, 12, 15, 20)]


def _research(scene: Scene, read: Work, answer: Step = ANSWER) -> None:
    """Search, read three pages at once, search, read three more, answer; `read` reads the last page."""

    def read_page(query: str) -> str:
        return (read if query == PAGES[-1] else scene.works_long)(query)

    script = [
        Call.once("search_docs", "refund policy"),
        Call("read_page", PAGES[:3]),
        Call.once("search_docs", "refund exceptions"),
        Call("read_page", PAGES[3:]),
        Call.once("search_docs", "refund fees"),
        answer,
    ]
    tools = [Tool("search_docs", scene.works), Tool("read_page", read_page)]
    scene.run(Agent("researcher", script, tools), "What is the refund policy?")


def hang_in_tool(scene: Scene) -> None:
    _research(scene, scene.hangs if scene.faulty else scene.works_long)


def slow_tool(scene: Scene) -> None:
    _research(scene, scene.works_slowly if scene.faulty else scene.works_long)


def hang_in_stream(scene: Scene) -> None:
    stall = Stall(ANSWER, lambda: scene.hangs("the answer"))
    _research(scene, scene.works_long, stall if scene.faulty else ANSWER)


def process_kill(scene: Scene) -> None:
    def dies(query: str) -> str:
        # what has ended by now was exported; the tool's own span and those above it never will be
        scene.works_for(8, query)
        scene.holds()
        os.kill(os.getpid(), signal.SIGKILL)
        return query

    _research(scene, dies if scene.faulty else scene.works_long)


def wait_for_a_person(scene: Scene) -> None:
    def asks(query: str) -> str:
        with scene.waiting_for("the owner", kind="human", resource="approval"):
            return scene.works_for(scene.lasts_s, query) if scene.faulty else scene.works(query)

    script = [
        Call.once("search_docs", "refund policy"),
        Call.once("ask_human", "May I refund?"),
        Say("Refunded."),
    ]
    tools = [Tool("search_docs", scene.works), Tool("ask_human", asks)]
    scene.run(Agent("clerk", script, tools), "Refund invoice 12.")
