"""How far an error chain reached, in words: between what is seen to have come of it and what can have."""

from collections.abc import Callable

from analytics.api.models import BlastRadius, ErrorChain, Reached
from dashboard.presentation.evidence import Fact
from dashboard.wording.amount import count, counted, money, tokens

Written = Callable[[int], str]


def reach_facts(radius: BlastRadius) -> list[Fact]:
    """Return what it reached, each as `12` or `between 3 and 12`; without what is not recorded, or none.

    Examples
    --------
    >>> from analytics.api.models import BlastRadius, Reached
    >>> none = {"sessions": 0, "users": 0, "tokens": None, "cost_usd": None}
    >>> least, most = (Reached(traces=12, agents=n, changes=n - 2, **none) for n in (2, 9))
    >>> reach_facts(BlastRadius(least=least, most=most, traces_counted=12, traces_read=10))
    [('Traces', '12'), ('Agents', 'between 2 and 9'), ('Calls that change something', 'between 0 and 7')]
    """
    least, most = radius.least, radius.most
    known = [
        ("Traces", between(least.traces, most.traces, count)),
        ("Sessions", between(least.sessions, most.sessions, count)),
        ("Users", between(least.users, most.users, count)),
        ("Agents", between(least.agents, most.agents, count)),
        ("Tokens after it", between(least.tokens or 0, most.tokens or 0, tokens)),
        ("Cost after it", _cost(least, most)),
        ("Calls that change something", between(least.changes, most.changes, count)),
    ]
    return [(name, value) for name, value in known if value]


def between(least: int, most: int, written: Written) -> str:
    """Return a range, or a number where both ends are written alike; '' of nothing."""
    ends = written(least), written(most)
    if not most:
        return ""
    return ends[0] if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"


def _cost(least: Reached, most: Reached) -> str:
    if not most.cost_usd:
        return ""
    ends = money(least.cost_usd or 0.0), money(most.cost_usd)
    return ends[0] if ends[0] == ends[1] else f"between {ends[0]} and {ends[1]}"


def at_least(radius: BlastRadius) -> str:
    """Return what the lower ends mean, and how many traces they are read in."""
    counted_in = radius.traces_counted
    failed = "traces that failed of it, and agents that it went through"
    if not radius.traces_read:
        return f"{failed}. No text of these traces was read: what came of it beyond that is not seen."
    read = (
        "in their texts"
        if radius.traces_read >= counted_in
        else f"in the texts of {count(radius.traces_read)} of {counted(counted_in, 'trace')}"
    )
    return (
        f"{failed}; and what took in an id or a rare value that came of it, or of the answer of who "
        f"swallowed it, {read}. What was told or made up for is not followed."
    )


def at_most(radius: BlastRadius, chain: ErrorChain) -> str:
    """Return what the upper ends mean, and of how many traces."""
    newest = (
        f"of the newest {count(radius.traces_counted)} of {counted(chain.traces, 'trace')} "
        if radius.traces_counted < chain.traces
        else ""
    )
    return f"all {newest}that began after it had failed, whether or not it came of it."
