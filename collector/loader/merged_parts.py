"""Whether what merges wrote is on disk.

A merge whose writes failed has replaced sound parts by one that does not open again, and the engine
does not know (docs/decisions/0003). It keeps the parts that it replaced for eight minutes
(`old_parts_lifetime`), and a start takes them again where the new one is broken: so damage is looked
for every minute, and ends the process.
"""

import time

from collector.loader.part import Part, is_whole_on_disk
from collector.store.statement import statement
from collector.store.store import Store

_MARGIN_S = 60.0


class MergedParts:
    """Looks at the files of parts that are new since the last look: sizes and forms, not contents."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._since_s = time.time()

    def look(self) -> None:
        """Raise DamagedStore where a part is not what was written."""
        began_s = time.time()
        since = {"since": int(self._since_s - _MARGIN_S)}
        for row in self._store.query(statement(__package__, "merged_parts.sql"), since):
            is_whole_on_disk(Part(**row))
        self._since_s = began_s
