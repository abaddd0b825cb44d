"""Packing: what is kept of a series as bytes. Pure."""

import io
import zipfile
import zlib
from dataclasses import fields
from typing import Any

import numpy as np


def packed(one: Any) -> bytes:
    """Return the fields of a dataclass, compressed."""
    found = io.BytesIO()
    values: dict[str, Any] = {each.name: np.asarray(getattr(one, each.name)) for each in fields(one)}
    np.savez_compressed(found, **values)
    return found.getvalue()


def unpacked(stored: bytes, form: type[Any]) -> dict[str, Any] | None:
    """Return the fields of a dataclass as arrays, None where what was stored is broken or of another form."""
    try:
        with np.load(io.BytesIO(stored), allow_pickle=False) as loaded:
            return {each.name: loaded[each.name] for each in fields(form)}
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile, zlib.error):
        return None
