"""Which refusals of ClickHouse are the data's fault, and not the engine's or the disk's."""

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
        "UNKNOWN_PROTOBUF_FORMAT",
        "VALUE_IS_OUT_OF_RANGE_OF_DATA_TYPE",
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
    return not _DATA_ERRORS.isdisjoint(re.findall(r"\(([A-Z][A-Z0-9_]+)\)", str(error)))
