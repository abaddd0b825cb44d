"""Names of packs of loaded segments: `<lowest id>-<highest id>.tar.zst`."""

import re
from typing import NamedTuple

_NAME = re.compile(r"(?P<lowest>[0-9a-f]{32})-(?P<highest>[0-9a-f]{32})\.tar\.zst")


class PackName(NamedTuple):
    """Ids of the first and the last segment in a pack."""

    lowest: str
    highest: str

    @classmethod
    def parse(cls, name: str) -> "PackName | None":
        """Read a file's name; None when it is no pack's.

        Examples
        --------
        >>> PackName.parse("notes.txt") is None
        True
        """
        match = _NAME.fullmatch(name)
        return cls(match["lowest"], match["highest"]) if match else None

    @property
    def file_name(self) -> str:
        return f"{self.lowest}-{self.highest}.tar.zst"
