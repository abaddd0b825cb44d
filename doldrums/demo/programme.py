"""Programme: which runs the fleet plays, as plain data that a seed decides."""

from collections.abc import Iterator

from doldrums.demo import research_desk, software_team, support_desk
from doldrums.demo.chance import Chance
from doldrums.demo.script import Run

_HISTORY_S = 3_600.0
# The last runs of the history end before the live ones begin.
_HISTORY_END_S = 30.0
# A usual round of the librarian, in pages.
_ROUND_PAGES = 4


def history(chance: Chance, runs: int) -> Iterator[tuple[float, str, Run]]:
    """Return `runs` runs of each kind: seconds before now, service and run, about oldest first."""
    for index in range(runs):
        for service, run in _one_of_each(chance):
            share = (index + chance.random.random()) / runs
            yield _HISTORY_S - share * (_HISTORY_S - _HISTORY_END_S), service, run


def traffic(chance: Chance, gap_s: tuple[float, float]) -> Iterator[tuple[float, str, Run]]:
    """Return ordinary runs for ever: seconds after the one before, service and run."""
    while True:
        service, run = chance.pick(tuple(_one_of_each(chance)))
        yield chance.seconds(*gap_s), service, run


def _one_of_each(chance: Chance) -> Iterator[tuple[str, Run]]:
    yield "software-team", software_team.change(chance)
    yield "research-desk", research_desk.question(chance)
    yield "research-desk", research_desk.reindex(chance, _ROUND_PAGES)
    yield "support-desk", support_desk.ticket(chance)
