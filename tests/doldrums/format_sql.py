"""Lets the engine format SQL files: paths on standard input, a JSON object of path and error out.

A process of its own, because the engine opens one folder per process and other tests have theirs.
"""

import json
import re
import sys
from pathlib import Path

import clickhouse_connect
from clickhouse_connect.driver.exceptions import ClickHouseError

# The loading statement is a template; what stands in its double braces is a name or a list of them.
TEMPLATE = re.compile(r"\{\{(\w+)\}\}")


def main() -> None:
    client = clickhouse_connect.get_client(dsn="chdb://memory")
    errors = {}
    for path in sys.stdin.read().splitlines():
        text = TEMPLATE.sub(r"\1", Path(path).read_text(encoding="utf-8"))
        try:
            for one in text.split(";\n\n"):
                client.query("SELECT formatQuery({text:String})", parameters={"text": one})
        except ClickHouseError as error:
            errors[path] = str(error)
    json.dump(errors, sys.stdout)


if __name__ == "__main__":
    main()
