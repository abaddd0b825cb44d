"""Values that have broken readers of telemetry before."""

import struct

from google.protobuf.descriptor import FieldDescriptor

from collector.conventions.table import table
from collector.otlp.wire import varint

IDS = (b"t" * 16, b"s" * 8, b"\xff" * 16, bytes(16), bytes(8), b"", b"i", b"i" * 15, b"i" * 17, b"i" * 40)

KEYS = [
    *(name.encode() for name in table().attributes()),
    *(b"event.name", b"partial.event", b"exception.type", b"exception.message", b"service.name", b"session.id"),
    *(b"", b"k", b"k\x00", b"\xff", b"\xed\xa0\x80", b"a.b\\.c", b"'; DROP TABLE spans;--", b"k" * 300),
]

TEXTS = [
    *(b"", b"x", b"planner", b"chat", b"agent", b"3", b"-1", b"1e999", b"NaN", b"null", b"true", b"0x10", b"\\N"),
    *("é\u202eevil\u202c".encode(), "😀".encode(), b"\x00", b"tab\t\n\r\\'\"", b"\xff", b"\xc3", b"\xed\xa0\x80"),
    *(b"99999999999999999999", b"-9223372036854775809", b"1.5", b"Infinity", b"2026-02-30T25:61:61Z", b"{", b"["),
    *(b'""', b"{}", b"[]", b'"{\\"a\\":1}"', b'{"a":{"b":[1,{"c":null}]}}', b'["a",1,null,1e400]', b'"\\ud800"'),
    b'[{"role":"user","parts":[{"type":"text","content":"hello"}]},{"role":"assistant","content":"hi"}]',
    b'{"messages":[{"role":"user","content":"hello"}],"generations":[[{"text":"hi"}]]}',
    b'{"name":"search","arguments":{"q":"a"},"lc_agent_name":7}',
    b'{"input_tokens":1e999,"output_tokens":-3,"prompt_tokens":"many"}',
    b"[" * 200,
    b'{"a":' * 100 + b"1" + b"}" * 100,
    b"J" * 1500,
    b"\xf0\x9f\x98" * 500,
    ("é" * 10_000).encode(),
]  # fmt: skip

EVENTS = [b"gen_ai.choice", b"gen_ai.user.message", b"exception", b"claude_code.tool_result", b"other", b"\xff"]

NUMBERS = [0, 1, 2, 3, 7, 127, 128, 2**31 - 1, 2**31, 2**32 - 1, 2**53 + 1, 2**63 - 1, 2**63, 2**64 - 1]
VARINTS = [*map(varint, NUMBERS), b"\x80\x80\x00", b"\xff" * 9 + b"\x01", b"\xff" * 10, b"\xff"]
TIMES = [1_544_712_660_000_000_000, 1_790_000_000_000_000_000, *NUMBERS]
FIXED64 = [struct.pack("<Q", number) for number in TIMES]
FIXED32 = [struct.pack("<I", number % 2**32) for number in NUMBERS]
DOUBLES = [
    struct.pack("<d", number)
    for number in (0.0, -0.0, 1.5, float("nan"), float("inf"), float("-inf"), 1e308, 5e-324, 2.0**63, -1.0)
]

JSON_SCALARS = [
    *(b"null", b"true", b"false", b"0", b"-1", b"1.5", b"1e18", b"1e21", b"1e999", b"-0.0", b"NaN", b"Infinity"),
    *(b'"1544712660000000000"', b"1544712660000000000", b'"18446744073709551616"', b"18446744073709551616"),
    *(b'"NaN"', b'"-Infinity"', b'"1.0"', b'" 7 "', b'"1_0"', b'"\xd9\xa3"', b'""', b"[]", b"{}", b"[null]", b'[{}]'),
    *(b'"SPAN_KIND_CLIENT"', b'"STATUS_CODE_ERROR"', b'"NONSENSE"', b'"5"', b"-9223372036854775809", b"4294967296"),
    *(b'"5b8efff798038103d269b633813fc60c"', b'"5B8EFFF798038103D269B633813FC60C"', b'"eee19b7ec3c1b174"'),
    *(b'"W47/95gDgQPSabYzgT/GDA=="', b'"7uGbfsPBsXQ"', b'"AP8="', b'"A"', b'"_-8"', b'"0x12"', b'"zz"'),
    *(b'"\xff"', b'"\\ud800"', b'"\\u0000"', b'"\\x"', b'"\t"', b"9" * 400, b"1." + b"9" * 400, b"'x'", b"+1", b".5"),
]  # fmt: skip

_JSON_INTEGERS = [b"0", b"1", b"3", b'"7"', b"1e18", b'"9223372036854775807"', b"-1", b'"\xd9\xa3"', b'" 7 "', b"2.0", b"true"]
_JSON_TIMES = [b'"1544712660000000000"', b"1544712660000000000", b'"18446744073709551615"', b"0", b'"1"', b"1e18"]
_JSON_DOUBLES = [b"0", b"-0.0", b"1.5", b'"NaN"', b"NaN", b'"-Infinity"', b"1e999", b'"3"', b"9" * 300, b"5e-324", b"true"]
_JSON_IDS = [b'"5b8efff798038103d269b633813fc60c"', b'"EEE19B7EC3C1B174"', b'""', b'"zz"', b'"W47/95gDgQPSabYzgT/GDA=="', b'"0"', b'"00000000000000000000000000000000"']  # fmt: skip
_JSON_ENUMS = [b"1", b'"SPAN_KIND_CLIENT"', b'"STATUS_CODE_ERROR"', b'"NONSENSE"', b'"5"', b"-1", b"2147483647", b"3"]

JSON_BY_TYPE = {
    FieldDescriptor.CPPTYPE_INT32: _JSON_INTEGERS[:4],
    FieldDescriptor.CPPTYPE_UINT32: _JSON_INTEGERS[:4],
    FieldDescriptor.CPPTYPE_INT64: _JSON_INTEGERS,
    FieldDescriptor.CPPTYPE_UINT64: _JSON_TIMES,
    FieldDescriptor.CPPTYPE_DOUBLE: _JSON_DOUBLES,
    FieldDescriptor.CPPTYPE_STRING: _JSON_IDS,
    FieldDescriptor.CPPTYPE_ENUM: _JSON_ENUMS,
    FieldDescriptor.CPPTYPE_BOOL: [b"true", b"false"],
}
