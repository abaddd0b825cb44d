"""Values that have broken readers of telemetry before."""

import struct
from itertools import chain

from google.protobuf.descriptor import FieldDescriptor

from collector.conventions.table import table
from collector.otlp.wire import varint

IDS = (b"t" * 16, b"s" * 8, b"\xff" * 16, bytes(16), bytes(8), b"", b"i", b"i" * 15, b"i" * 17, b"i" * 40)

KEYS = [
    *(name.encode() for name in table().attributes()),
    *b"event.name partial.event exception.type exception.message service.name session.id".split(),
    *(b"", b"k", b"k\x00", b"\xff", b"\xed\xa0\x80", b"a.b\\.c", b"'; DROP TABLE spans;--", b"k" * 300),
]

TEXTS = [
    b"",
    *b"x planner chat agent 3 -1 1.5 1e999 NaN Infinity null true 0x10 \\N 99999999999999999999".split(),
    *b"-9223372036854775809 2026-02-30T25:61:61Z \xff \xc3 \xed\xa0\x80 \x00".split(),
    *(b"tab\t\n\r\\'\"", "é\u202eevil\u202c😀".encode()),
    *b'{ [ "" {} [] "{\\"a\\":1}" {"a":{"b":[1,{"c":null}]}} ["a",1,null,1e400] "\\ud800"'.split(),
    b'[{"role":"user","parts":[{"type":"text","content":"hello"}]},{"role":"assistant","content":"hi"}]',
    b'{"messages":[{"role":"user","content":"hello"}],"generations":[[{"text":"hi"}]]}',
    b'{"name":"search","arguments":{"q":"a"},"lc_agent_name":7}',
    b'{"input_tokens":1e999,"output_tokens":-3,"prompt_tokens":"many"}',
    b"[" * 200,
    b'{"a":' * 100 + b"1" + b"}" * 100,
    b"J" * 1500,
    b"\xf0\x9f\x98" * 500,
    ("é" * 10_000).encode(),
]

EVENTS = b"gen_ai.choice gen_ai.user.message exception claude_code.tool_result other \xff".split()

NUMBERS = [0, 1, 2, 3, 7, 127, 128, 2**31 - 1, 2**31, 2**32 - 1, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1]
VARINTS = [*map(varint, NUMBERS), b"\x80\x80\x00", b"\xff" * 9 + b"\x01", b"\xff" * 10, b"\xff"]
TIMES = [1_544_712_660_000_000_000, 1_790_000_000_000_000_000, *NUMBERS]
FIXED64 = [struct.pack("<Q", number) for number in TIMES]
FIXED32 = [struct.pack("<I", number % 2**32) for number in NUMBERS]
DOUBLES = [
    struct.pack("<d", number)
    for number in (0.0, -0.0, 1.5, float("nan"), float("inf"), float("-inf"), 1e308, 5e-324, 2.0**63, -1.0)
]

_IDS_IN_JSON = (
    b'""  "zz" "0" "5b8efff798038103d269b633813fc60c" "EEE19B7EC3C1B174" "W47/95gDgQPSabYzgT/GDA=="'.split()
)
JSON_BY_TYPE = {
    FieldDescriptor.CPPTYPE_INT32: b'0 1 3 "7"'.split(),
    FieldDescriptor.CPPTYPE_UINT32: b'0 1 3 "7"'.split(),
    FieldDescriptor.CPPTYPE_INT64: b'0 -1 "7" 2.0 1e18 1e21 true "9223372036854775807" "\xd9\xa3"'.split(),
    FieldDescriptor.CPPTYPE_UINT64: b'0 "1" 1e18 1544712660000000000 "1544712660000000000"'.split(),
    FieldDescriptor.CPPTYPE_DOUBLE: b'0 -0.0 1.5 "NaN" NaN "-Infinity" 1e999 "3" 5e-324 true'.split(),
    FieldDescriptor.CPPTYPE_STRING: _IDS_IN_JSON,
    FieldDescriptor.CPPTYPE_ENUM: b'1 3 -1 "5" 2147483647 "SPAN_KIND_CLIENT" "OTHER"'.split(),
    FieldDescriptor.CPPTYPE_BOOL: [b"true", b"false"],
}
"""What is right for a protobuf field of that type, in one of the ways in use."""

JSON_SCALARS = [
    *chain.from_iterable(JSON_BY_TYPE.values()),
    *b'null [] {} [null] [{}] "18446744073709551616" 18446744073709551616 -9223372036854775809'.split(),
    *b'"1_0" "A" "_-8" "7uGbfsPBsXQ" "0x12" "\xff" "\\ud800" "\\u0000" "\\x"'.split(),
    *(b"4294967296", b"'x'", b"+1", b".5", b"Infinity", b'"\t"', b'" 7 "', b"9" * 400, b"1." + b"9" * 400),
]
"""Of any type, and some that are no JSON."""
