"""Keys for tests: what is known of one, and its text."""

from typing import Any

from collector.keys.key import Key, digest, new_key


def made(project: str = "shop", *scopes: Any, **fields: Any) -> tuple[Key, str]:
    key_id, text = new_key()
    return Key(key_id, project, digest(text), frozenset(scopes or {"ingest"}), **fields), text
