"""Asks existing tools, each of which a script runs in an environment of its own."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.drift.peers import streams

ROOT = Path(__file__).parents[3]
PEERS = ("on_river", "on_evidently", "on_nannyml", "on_alibi", "on_prophet")
# NannyML and Evidently would tell their makers of every use.
_SILENT = {"NML_DISABLE_USAGE_LOGGING": "1", "DO_NOT_TRACK": "1"}

# The hours of alarms on each stream, None where a tool is not made for one; why, if it failed.
Found = list[list[int] | None] | str


def asked(peer: str, every: Sequence[streams.Stream]) -> Mapping[str, Found]:
    """Return what a peer's script answers of each of its methods."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "streams.npz"
        streams.write(path, list(every))
        done = run(peer, path)
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        why = (done.stderr.strip().splitlines() or ["no answer"])[-1]
        return {peer: f"does not run: {why[:120]}"}
    answer: dict[str, Found] = json.loads(lines[-1])
    return answer


def run(script: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in its own environment, as its lock has it."""
    uv = shutil.which("uv", path=f"{os.environ['PATH']}:{ROOT / '.cache' / 'uv' / 'bin'}") or "uv"
    path = Path(__file__).parent / f"{script}.py"
    return subprocess.run(
        [uv, "run", "--quiet", "--locked", "--script", path, *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | _SILENT,
    )
