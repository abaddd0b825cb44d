"""Calls between agents: the one statement that finds them, for all that count them."""

from collector.store.statement import statement


def calling(package: str, name: str) -> str:
    """Return the statement `name` of `package`, to which `calls` is what calls.sql selects.

    Examples
    --------
    >>> calling("analytics.detectors", "call_cycle.sql").startswith("WITH calls AS (")
    True
    """
    return f"WITH calls AS (\n{statement(__package__, 'calls.sql')})\n{statement(package, name)}"
