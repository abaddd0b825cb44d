"""AnyValue as the plain text it stands for, structures as JSON."""

from base64 import b64encode
from typing import Any

import orjson
from opentelemetry.proto.common.v1.common_pb2 import AnyValue


def flatten(value: AnyValue) -> None:
    """Write an array or a map as the JSON text of it, in place; scalars stay what they are.

    ClickHouse reads AnyValue to a fixed depth, and the messages of a conversation are nested deeper.
    """
    if value.WhichOneof("value") in {"array_value", "kvlist_value"}:
        value.string_value = orjson.dumps(plain(value)).decode()


def plain(value: AnyValue) -> Any:
    """Return the value as Python has it; bytes as base64, as OTLP/JSON writes them."""
    match value.WhichOneof("value"):
        case "array_value":
            return [plain(item) for item in value.array_value.values]
        case "kvlist_value":
            return {pair.key: plain(pair.value) for pair in value.kvlist_value.values}
        case "bytes_value":
            return b64encode(value.bytes_value).decode()
        case None:
            return None
        case branch:
            return getattr(value, branch)
