"""The order in which a trace is read: a parent before its children, siblings by start. Pure."""

from collections.abc import Iterator, Mapping, Sequence


def preorder(parents: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Yield each span's id with its depth.

    Parameters
    ----------
    parents
        Span id -> parent id, in the order in which siblings are to stand. A parent that is not
        there makes its child a root; a circle of parents begins at its first span.

    Examples
    --------
    >>> list(preorder({"c": "a", "a": "", "b": "a", "lost": "gone"}))
    [('a', 0), ('c', 1), ('b', 1), ('lost', 0)]
    """
    children: dict[str, list[str]] = {}
    for span, parent in parents.items():
        children.setdefault(parent if parent in parents and parent != span else "", []).append(span)
    left = dict.fromkeys(parents)
    yield from _walk(children.get("", ()), children, left)
    while left:
        yield from _walk([next(iter(left))], children, left)


def _walk(
    roots: Sequence[str], children: Mapping[str, Sequence[str]], left: dict[str, None]
) -> Iterator[tuple[str, int]]:
    stack = [(root, 0) for root in reversed(roots)]
    while stack:
        span, depth = stack.pop()
        if span not in left:
            continue
        del left[span]
        yield span, depth
        stack.extend((child, depth + 1) for child in reversed(children.get(span, ())))
