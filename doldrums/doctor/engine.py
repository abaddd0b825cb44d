"""Whether the ClickHouse engine loads and answers."""

import subprocess
import sys

from doldrums.doctor.check import Check

# In memory and in a process of its own: the service may have the folder open, and an engine that
# needs instructions this processor lacks ends the process that loads it.
QUESTION = (
    "import clickhouse_connect;"
    "print(clickhouse_connect.get_client(dsn='chdb://memory').command('SELECT version()'))"
)
ANSWER_S_MAX = 60


def check_engine() -> Check:
    """Start an engine and ask for its version."""
    try:
        answer = subprocess.run(  # noqa: S603 - our own interpreter and text
            [sys.executable, "-c", QUESTION],
            capture_output=True,
            text=True,
            timeout=ANSWER_S_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Check("Engine", "fail", f"no answer within {ANSWER_S_MAX} s", "see how busy this machine is")
    if answer.returncode:
        last = (answer.stderr.strip().splitlines() or [f"it ended with code {answer.returncode}"])[-1]
        return Check("Engine", "fail", f"chDB does not start: {last}", "install again: uv sync --locked")
    return Check("Engine", "ok", f"chDB, ClickHouse {answer.stdout.strip()}")
