"""A deletion ends with the process that waited for it."""

import subprocess
import sys
from pathlib import Path

from tests.service import until

DELETING = """
import sys
from collector.store.store import open_store
store = open_store(f"chdb://{sys.argv[1]}/store")
store.command("CREATE TABLE rows (id UInt8) ENGINE = MergeTree ORDER BY id")
store.command("INSERT INTO rows VALUES (1)")
store.command("ALTER TABLE rows DELETE WHERE sleepEachRow(2) = 0 SETTINGS mutations_sync = 2")
"""
AFTER = """
import sys
from collector.store.store import open_store
store = open_store(f"chdb://{sys.argv[1]}/store")
print(store.query("SELECT count() AS mutations FROM system.mutations WHERE NOT is_done")[0]["mutations"])
print(store.query("SELECT count() AS parts FROM system.merges WHERE is_mutation")[0]["parts"])
print(store.query("SELECT count() AS rows FROM rows")[0]["rows"])
"""


def test_a_deletion_that_was_killed_does_not_go_on_at_the_next_start(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", DELETING, str(tmp_path)]) as killed:
        until(lambda: list(tmp_path.rglob("mutation_*.txt")), 60)
        killed.kill()

    said = subprocess.run(
        [sys.executable, "-c", AFTER, str(tmp_path)], capture_output=True, text=True, timeout=120, check=True
    )

    assert said.stdout.split() == ["0", "0", "1"]
