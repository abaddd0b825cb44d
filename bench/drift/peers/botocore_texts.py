# /// script
# requires-python = ">=3.11"
# dependencies = ["botocore==1.40.*"]
# ///
"""Writes the documentation that botocore installs with, each text once, as JSON lines of service and text."""

import gzip
import html
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore


def main() -> None:
    """Write to the file that is named."""
    seen = set()
    with Path(sys.argv[1]).open("w") as out:
        for path in sorted((Path(botocore.__file__).parent / "data").glob("*/*/service-2.json*")):
            opener = gzip.open if path.suffix == ".gz" else open
            with opener(path, "rt") as file:
                model = json.load(file)
            for text in _texts(model):
                if 120 <= len(text) <= 4_000 and text not in seen:
                    seen.add(text)
                    out.write(json.dumps([path.parent.parent.name, text]) + "\n")


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        said = node.get("documentation")
        if isinstance(said, str):
            spaced = re.sub(r"</(p|li|ul|note)>|<br ?/?>", "\n", said)
            yield re.sub(r"[ \t]+", " ", html.unescape(re.sub(r"<[^>]*>", "", spaced))).strip()
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


if __name__ == "__main__":
    main()
