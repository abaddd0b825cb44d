"""Directory: the open instances of agents by the names that others have for them. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from analytics.waits.open_span import OpenSpan

# A name that so many instances have says as good as nothing.
CANDIDATES_MAX = 100
_BETWEEN_WORDS = re.compile(r"[\s_-]+")
# A tool that is named for asking an agent, such as ask_coder or wait_for_reviewer; RE2 reads it too.
ASKING = (
    r"(?i)^(?:ask|await|wait[_ -]?for|call|consult|query|request|invoke|delegate|delegate[_ -]to"
    r"|assign[_ -]to|send[_ -]to|transfer[_ -]to|hand[_ -]?off[_ -]to)[_ -](?:agent[_ -])?(.+)$"
)
_ASKING = re.compile(ASKING)


# Instances by what they are looked up by.
_Names = defaultdict[tuple[str, ...], dict[str, None]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Instances that a name may mean.

    Parameters
    ----------
    certain
        There is one, and nothing speaks against it.
    """

    ids: Sequence[str]
    certain: bool


NOBODY = Candidates((), certain=False)


class Directory:
    """Finds the instances that a waiting span's target may mean: those nearest to it that are open.

    Nearest first: of that id; in the same trace; in the same session; anywhere in the same project
    and environment. Where several are as near, each may be meant. Where both say a session and it is not
    the same, it is another conversation: the one that is meant has not been heard of yet. Those that are
    quiet, and may have died, give way to others that are as near, and leave a doubt.
    """

    def __init__(self) -> None:
        self._by: _Names = defaultdict(dict)
        self._quiet: _Names = defaultdict(dict)

    def add(self, instance: str, span: OpenSpan, *, quiet: bool = False) -> None:
        """Enter an instance by one of its spans."""
        name = comparable(span.agent)
        keys = [("trace", span.trace_id, name), ("project", name)]
        keys.append(("session", span.session, name) if span.session else ("no session", name))
        if span.agent_id:
            keys.append(("id", span.agent_id))
        for key in keys:
            (self._quiet if quiet else self._by)[key][instance] = None

    def find(self, name: str, span: OpenSpan, waiter: str) -> Candidates:
        """Return whom `span`, of the instance `waiter`, may mean by a name; never itself."""
        same = comparable(name)
        keys = [
            ("id", name),
            ("trace", span.trace_id, same),
            ("session", span.session, same),
            ("no session" if span.session else "project", same),
        ]
        for key in keys:
            heard, quiet = _others(self._by.get(key), waiter), _others(self._quiet.get(key), waiter)
            if found := heard or quiet:
                certain = len(heard) + len(quiet) == 1
                return Candidates(found, certain) if len(found) <= CANDIDATES_MAX else NOBODY
        return NOBODY


def _others(named: Iterable[str] | None, waiter: str) -> list[str]:
    """Return one more than counts at most: a name may have 100,000."""
    if not named:
        return []
    return list(islice((one for one in named if one != waiter), CANDIDATES_MAX + 1))


@lru_cache(maxsize=1_000)
def comparable(name: str) -> str:
    """Return a name as names are compared.

    Examples
    --------
    >>> comparable("Code_Reviewer") == comparable("code reviewer")
    True
    """
    return _BETWEEN_WORDS.sub(" ", name).strip().casefold()


def asked(tool: str) -> str:
    """Return whom a tool asks, by its name; '' where it says nobody.

    Examples
    --------
    >>> asked("ask_coder"), asked("wait_for_reviewer"), asked("run_tests")
    ('coder', 'reviewer', '')
    """
    found = _ASKING.match(tool[:200])
    return found[1] if found else ""
