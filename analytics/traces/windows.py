"""Where to look for a page of the newest: in the last hours first, then further and further back. Pure."""

from collections.abc import Iterator

_HOURS = (1, 6, 24, 7 * 24)
_SECOND_NS = 1_000_000_000


def windows(first_ns: int, last_ns: int, newest_hour_s: int) -> Iterator[tuple[int, int]]:
    """Cut a range of times into windows, the newest first. Both ends are of the range, and of each window.

    Windows begin with an hour, so that no two times that people see as one are in different ones.

    Parameters
    ----------
    newest_hour_s
        Begin of an hour, before which so many hours are looked into at a time.

    Examples
    --------
    >>> hour_ns = 3_600_000_000_000
    >>> list(windows(0, 10 * hour_ns, newest_hour_s=10 * 3600)) == [
    ...     (9 * hour_ns, 10 * hour_ns), (4 * hour_ns, 9 * hour_ns - 1), (0, 4 * hour_ns - 1)]
    True
    """
    for hours in _HOURS:
        begin_ns = (newest_hour_s - hours * 3600) * _SECOND_NS
        if begin_ns <= first_ns:
            break
        yield begin_ns, last_ns
        last_ns = begin_ns - 1
    yield first_ns, last_ns
