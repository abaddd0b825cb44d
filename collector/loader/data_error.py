"""Which refusals of ClickHouse are the data's fault, and not the engine's or the disk's."""

import re

from clickhouse_connect.driver.exceptions import ClickHouseError

# By https://github.com/ClickHouse/ClickHouse src/Common/ErrorCodes.cpp; a code that is not here
# is retried for ever, since giving up would lose what was acknowledged.
_CODES = frozenset(
    {
        6,  # CANNOT_PARSE_TEXT
        26,  # CANNOT_PARSE_QUOTED_STRING
        27,  # CANNOT_PARSE_INPUT_ASSERTION_FAILED
        33,  # CANNOT_READ_ALL_DATA: a truncated message
        69,  # ARGUMENT_OUT_OF_BOUND
        72,  # CANNOT_PARSE_NUMBER
        117,  # INCORRECT_DATA
        131,  # TOO_LARGE_STRING_SIZE
        407,  # DECIMAL_OVERFLOW: a time out of DateTime64's range
        434,  # UNKNOWN_PROTOBUF_FORMAT: a broken wire format
        436,  # PROTOBUF_BAD_CAST
        437,  # PROTOBUF_FIELD_NOT_REPEATED
    }
)


def is_data_error(error: ClickHouseError) -> bool:
    """Whether the same segment would be refused again, whatever the state of the engine.

    Examples
    --------
    >>> is_data_error(ClickHouseError("Code: 434. DB::Exception: Protobuf messages are corrupt"))
    True
    >>> is_data_error(ClickHouseError("Code: 243. DB::Exception: Cannot reserve 1.00 MiB"))
    False
    """
    found = re.search(r"Code: (\d+)", str(error))
    return found is not None and int(found.group(1)) in _CODES
