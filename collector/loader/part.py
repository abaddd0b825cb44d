"""Whether a part's bytes are what the engine believes it wrote.

chDB ignores failed writes, so its own word is not enough. Two looks together: `CHECK TABLE` reads
every block and compares checksums; and the files' sizes on disk must add up to what the engine
counted while it wrote, which finds files that were cut short or left empty. What stands beside the
data and is not in that sum is looked at by its form (`part_files.py`).
"""

import re
from dataclasses import dataclass
from pathlib import Path

from clickhouse_connect.driver.exceptions import ClickHouseError

from collector.errors import DamagedStore
from collector.loader.part_files import UNCOUNTED, is_whole
from collector.loader.table import CONTENTS, TABLES
from collector.store.statement import statement
from collector.store.store import Store


@dataclass(frozen=True)
class Part:
    """An active part: its table, its name, its folder, and the bytes of data that the engine counted."""

    table: str
    name: str
    path: str
    bytes_on_disk: int


def is_whole_on_disk(part: Part) -> bool:
    """Look at a part's files alone; False when it was merged away meanwhile and says nothing.

    Raises
    ------
    DamagedStore
        They are not what was written.
    """
    try:
        wrong = _wrong_sizes(Path(part.path), part.bytes_on_disk)
    except FileNotFoundError:
        return False
    if wrong and Path(part.path).exists():
        raise DamagedStore(f"part {part.name} is damaged: {wrong}")
    return not wrong


def is_sound(store: Store, part: Part) -> bool:
    """Look at a part; False when it was merged away meanwhile and says nothing.

    Raises
    ------
    DamagedStore
        Its bytes are not what they should be.
    """
    folder = Path(part.path)
    try:
        wrong = _wrong_sizes(folder, part.bytes_on_disk)
        passed = store.command(_check(part)) == 1
    except (FileNotFoundError, ClickHouseError):
        if folder.exists():
            raise
        return False
    if wrong or not passed:
        raise DamagedStore(f"part {part.name} is damaged: {wrong or 'its checksums differ'}")
    return True


def _wrong_sizes(folder: Path, bytes_counted: int) -> str:
    files = list(folder.iterdir())
    cut = sorted(
        file.name for file in files if file.name in UNCOUNTED and not is_whole(file.name, file.read_bytes())
    )
    if cut:
        return f"{', '.join(cut)} is cut short"
    found = sum(file.stat().st_size for file in files if file.name not in UNCOUNTED)
    return "" if found == bytes_counted else f"{found} bytes on disk, {bytes_counted} written"


def _check(part: Part) -> str:
    if re.fullmatch(r"[0-9_]+", part.name) is None or part.table not in {*TABLES.values(), CONTENTS}:
        raise ValueError(f"{part} is no part of ours")
    sql = statement(__package__, "check_part.sql")
    return sql.replace("TABLE TABLE_NAME", f"TABLE {part.table}").replace("'PART_NAME'", f"'{part.name}'")
