"""When a finding opens and when it is resolved. Pure; no I/O."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

# Looks in a row that an open finding is absent from before it is resolved.
ABSENT_LOOKS = 2

# The project and the fingerprint: within a detector they name what is found.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one look of a detector changes.

    Parameters
    ----------
    sighted
        Seen for the first time: nobody is told yet.
    opened
        Seen at two looks in a row, or certain.
    updated
        Open, and seen again.
    missed
        Open and absent, but not for long enough.
    resolved
        Open, and absent for `ABSENT_LOOKS` looks in a row or known to have ended.
    """

    sighted: frozenset[Key]
    opened: frozenset[Key]
    updated: frozenset[Key]
    missed: frozenset[Key]
    resolved: frozenset[Key]


def judge(
    missed_looks: Mapping[Key, int],
    sighted: Collection[Key],
    found: Collection[Key],
    ended: Collection[Key],
    certain: Collection[Key] = (),
    kept: Collection[Key] = (),
) -> Judgement:
    """Compare a look with the one before it.

    Parameters
    ----------
    missed_looks
        Of each open finding: at how many of the last looks, in a row, it was absent.
    sighted
        What the look before saw for the first time.
    found
        What this look sees.
    ended
        What is known to be over; it counts more than being found.
    certain
        Of what this look sees: what one look proves.
    kept
        What may be back soon: that this look does not see it does not count.

    Examples
    --------
    >>> sorted(judge({("p", "old"): 1}, {("p", "new")}, [("p", "new")], []).resolved)
    [('p', 'old')]
    """
    over = frozenset(ended)
    seen = frozenset(found) - over
    new = seen.difference(missed_looks)
    opened = new.intersection(sighted).union(new.intersection(certain))
    absent = (missed_looks.keys() - seen).difference(kept)
    resolved = frozenset(key for key in absent if key in over or missed_looks[key] + 1 >= ABSENT_LOOKS)
    return Judgement(
        sighted=new - opened,
        opened=opened,
        updated=seen.intersection(missed_looks),
        missed=frozenset(absent) - resolved,
        resolved=resolved,
    )
