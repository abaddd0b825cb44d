"""Which refusals of ClickHouse are the fault of a segment's data, and which of a damaged part."""

import re

from clickhouse_connect.driver.exceptions import ClickHouseError

# Names of ClickHouse's src/Common/ErrorCodes.cpp. What is not here is retried for ever, since
# giving up would lose what was acknowledged.
_DATA_ERRORS = frozenset(
    {
        "ARGUMENT_OUT_OF_BOUND",
        "ATTEMPT_TO_READ_AFTER_EOF",
        "CANNOT_CONVERT_TYPE",
        "CANNOT_PARSE_NUMBER",
        "CANNOT_PARSE_TEXT",
        "CANNOT_READ_ALL_DATA",
        "DECIMAL_OVERFLOW",
        "INCORRECT_DATA",
        "MEMORY_LIMIT_EXCEEDED",  # the insert's own limit: the segment is halved
        "PROTOBUF_BAD_CAST",
        "PROTOBUF_FIELD_NOT_REPEATED",
        "SIZES_OF_ARRAYS_DONT_MATCH",
        "TOO_LARGE_ARRAY_SIZE",
        "TOO_LARGE_STRING_SIZE",
        "UNKNOWN_ELEMENT_OF_ENUM",
        "UNKNOWN_PROTOBUF_FORMAT",
        "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
    }
)

# The same, where a table is read: a file of a part is missing, cut short or not what was written.
_DAMAGE = frozenset(
    {
        "ATTEMPT_TO_READ_AFTER_EOF",
        "BAD_SIZE_OF_FILE_IN_DATA_PART",
        "CANNOT_DECOMPRESS",
        "CANNOT_READ_ALL_DATA",
        "CHECKSUM_DOESNT_MATCH",
        "CORRUPTED_DATA",
        "FILE_DOESNT_EXIST",
        "INCORRECT_DATA",
        "NO_FILE_IN_DATA_PART",
        "UNEXPECTED_END_OF_FILE",
        "UNKNOWN_CODEC",
    }
)


def is_data_error(error: ClickHouseError) -> bool:
    """Whether the same segment would be refused again, whatever the state of the engine.

    The memory of the whole engine, "(total)", is used by others: that refusal passes.

    Examples
    --------
    >>> is_data_error(ClickHouseError("Code: 444. DB::Exception: corrupted (UNKNOWN_PROTOBUF_FORMAT)"))
    True
    >>> is_data_error(ClickHouseError("Code: 243. DB::Exception: no room (NOT_ENOUGH_SPACE)"))
    False
    """
    if "(total) memory limit exceeded" in str(error):
        return False
    return not _DATA_ERRORS.isdisjoint(_names(error))


def is_damage(error: ClickHouseError) -> bool:
    """Whether reading a table failed because of the bytes on disk: a restart detaches such a part."""
    return not _DAMAGE.isdisjoint(_names(error))


def _names(error: ClickHouseError) -> list[str]:
    return re.findall(r"\(([A-Z][A-Z0-9_]+)\)", str(error))
