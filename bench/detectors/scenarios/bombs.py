"""Work that multiplies: fan-out, depth, and a recursion that ends."""

from bench.detectors.agent import Agent, Call, Say, Tool
from bench.detectors.scene import Scene

FAN_OUT = 300
DEPTH = 30


def fan_out_bomb(scene: Scene) -> None:
    def convert(query: str) -> str:
        scene.holds()
        return scene.works_for(0.01, query)

    rows = [f"row {number}" for number in range(FAN_OUT if scene.faulty else 5)]
    script = [Call("convert_row", rows), Say("Converted.")]
    scene.run(Agent("converter", script, [Tool("convert_row", convert)]), "Convert the table.")


def _solves(scene: Scene, depth: int, *, holds_at: int = 0) -> str:
    """Let the solver solve a part by another solver, `depth` levels down."""

    def solve(query: str) -> str:
        if depth == holds_at:
            scene.holds()
        if depth <= 1:
            return scene.works_for(0.05, query)
        return _solves(scene, depth - 1, holds_at=holds_at)

    script = [Call.once("solve_part", f"part {depth}"), Say(f"Solved part {depth}.")]
    return scene.run(Agent("solver", script, [Tool("solve_part", solve)]), f"Solve part {depth}.")


def depth_bomb(scene: Scene) -> None:
    # CrewAI itself gives up at twenty
    _solves(scene, DEPTH if scene.faulty else 2, holds_at=DEPTH - 10)


def recursion(scene: Scene) -> None:
    _solves(scene, 5 if scene.faulty else 2)
