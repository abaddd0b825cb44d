"""Graph reduction: which nodes of a wait-for graph can never go on. Pure.

Start from the nodes that can act, grant what they can give, and repeat; whatever is left waits
for ever [1]_. One algorithm decides waits for all (AND: a cycle), for any (OR: a knot) and for
k of n, where a search for cycles would be wrong for the last two [2]_.

References
----------
.. [1] R. C. Holt. Some deadlock properties of computer systems. ACM Computing Surveys 4(3), 1972.
.. [2] E. Knapp. Deadlock detection in distributed databases. ACM Computing Surveys 19(4), 1987.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from analytics.waits.wait import Wait


def stuck_nodes(waits: Sequence[Wait], working: Iterable[str] = ()) -> frozenset[str]:
    """Return the nodes that can never go on, unless somebody breaks a wait.

    A node acts when one of its waits is granted: what else it waits for at the same time it can
    then do without, or will wait for again. That errs to silence. A node of which no wait is
    known can act.

    Parameters
    ----------
    working
        Nodes that can act although they wait: something else goes on in them.

    Notes
    -----
    O(nodes + waits x targets).

    Examples
    --------
    >>> a, b = Wait("1", "a", ("b",), 1, 0, 9), Wait("2", "b", ("a",), 1, 1, 9)
    >>> sorted(stuck_nodes([a, b]))
    ['a', 'b']
    >>> either = Wait("2", "b", ("a", "c"), 1, 1, 9)  # c may answer
    >>> sorted(stuck_nodes([a, either]))
    []
    """
    stuck = {wait.waiter for wait in waits} - set(working)
    # by place: one span may show two waits, its own and that of whoever runs it
    missing = [_missing(wait, stuck) for wait in waits]
    asked: defaultdict[str, list[int]] = defaultdict(list)
    for place, wait in enumerate(waits):
        for target in set(wait.targets):
            asked[target].append(place)
    granted = [place for place in range(len(waits)) if missing[place] <= 0]
    while granted:
        node = waits[granted.pop()].waiter
        if node not in stuck:
            continue
        stuck.remove(node)
        for place in asked[node]:
            missing[place] -= 1
            if missing[place] <= 0:
                granted.append(place)
    return frozenset(stuck)


def _missing(wait: Wait, stuck: set[str]) -> int:
    return wait.needed - len(set(wait.targets) - stuck)
