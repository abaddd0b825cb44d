"""Told: the schema of a tool as a trace brought it, and whether calls keep it. Pure but for the clock."""

import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import orjson

from analytics.contracts.schema import InvalidSchemaError, Schema

# Calls that break a tool's own schema, while more do than keep it: then something stands around what the tool
# is given, and the schema is not about that.
_UNFIT_CALLS_MIN = 20
# A tool's schema that is in use is written down again, before the shortest retention, a day, ends.
_RENEW_EVERY_S = 43_200.0


class Told:
    """A schema of a tool as a trace brought it."""

    def __init__(self, digest: bytes, schema: Schema | None) -> None:
        self.digest = digest
        self._schema = schema
        self._passed = self._broken = 0
        self._renewed_s = time.monotonic()

    @property
    def ready(self) -> Schema | None:
        """The schema; None where it cannot be used, or does not describe what is captured of the calls."""
        is_fit = self._broken <= max(self._passed, _UNFIT_CALLS_MIN)
        return self._schema if is_fit else None

    def count(self, *, passed: bool) -> None:
        """Note what came of a call."""
        self._passed += passed
        self._broken += not passed

    def is_due(self) -> bool:
        """Whether it is to be written down again, now that it is in use; once."""
        is_due = time.monotonic() - self._renewed_s >= _RENEW_EVERY_S
        if is_due:
            self._renewed_s = time.monotonic()
        return is_due

    @classmethod
    def kept(cls, row: Mapping[str, Any]) -> "Told":
        """Return what a row of `contracts` says; its age is not known, so its first use renews it."""
        ready = None if row["problem"] else Schema(orjson.loads(row["schema"]))
        told = cls(sha256(row["schema"].encode()).digest(), ready)
        told._renewed_s -= _RENEW_EVERY_S
        return told


def written_down(document: Mapping[str, Any]) -> bytes:
    """Return it as it is kept; nothing of what is nested too deeply to be written down."""
    try:
        return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
    except orjson.JSONEncodeError:
        return b""


def ready_of(document: Mapping[str, Any], written: bytes) -> Schema:
    """Return it ready to check by."""
    if not written:
        raise InvalidSchemaError("It is nested too deeply to be written down.")
    return Schema(document)
