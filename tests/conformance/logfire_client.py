# /// script
# requires-python = ">=3.11"
# dependencies = ["logfire==5.2.0", "backports.zstd>=1.8; python_version < '3.14'"]
# ///
"""Logfire's SDK as a user has it, sending to the receiver at argv[1]: a span, open until a line is read.

It has an environment of its own (`uv run --script`): installed beside doldrums it would plug itself into
pydantic, and so into every process of the service.
"""

import sys

import logfire

logfire.configure(
    token="any will do without keys",
    send_to_logfire=True,  # under pytest it would not
    service_name="logfire",
    inspect_arguments=False,
    metrics=False,
    advanced=logfire.AdvancedOptions(base_url=sys.argv[1], compression="zstd"),
)
with logfire.span("from logfire"):
    logfire.force_flush()
    sys.stdin.readline()
logfire.shutdown()
