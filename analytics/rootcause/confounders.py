"""What else failing traces differ by, and may be the reason that something goes with them. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median

# Traces are of another length if their median is as many times that of the others.
LENGTH_MIN = 2.0
# One user's are most of them if they are more than this share, and by as much more than among the others.
USER_MIN = 0.5
USER_EXCESS_MIN = 0.25


def confounders(failing: Sequence[tuple[int, str]], passing: Sequence[tuple[int, str]]) -> Iterator[str]:
    """Yield in words what else is different.

    Parameters
    ----------
    failing, passing
        The spans and the user of each trace.

    Examples
    --------
    >>> list(confounders([(40, "ann")] * 9 + [(40, "")], [(10, "ann")] * 10 + [(10, "bob")] * 30))
    ['length: 40 spans at the median, against 10', 'user: one has 9 of 10 failing, 10 of 40 passing']
    """
    if not failing or not passing:
        return
    longer, shorter = (median(spans for spans, _ in side) for side in (failing, passing))
    if not 1 / LENGTH_MIN < longer / max(1, shorter) < LENGTH_MIN:
        yield f"length: {longer:,.0f} spans at the median, against {shorter:,.0f}"
    user, count = Counter(user for _, user in failing).most_common(1)[0]
    others = sum(one == user for _, one in passing)
    share, usual = count / len(failing), others / len(passing)
    if user and share > USER_MIN and share - usual > USER_EXCESS_MIN:
        yield f"user: one has {count:,} of {len(failing):,} failing, {others:,} of {len(passing):,} passing"
