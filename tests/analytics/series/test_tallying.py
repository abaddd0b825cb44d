"""What came of a series before anybody added it up by the day is read once; on a real store."""

import numpy as np

from analytics.series.fleet import Fleet
from analytics.series.learned import Learned
from analytics.series.policy import Policy
from analytics.series.records import Records
from analytics.series.tally import Tally
from analytics.series.wanting import Company, wanting
from collector.store.store import Store
from tests.analytics.series.drifted import place
from tests.analytics.series.invented import DAY_S, HOUR_S, KEY, numbers, write
from tests.analytics.series.speech import SAYS, keep, texts
from tests.analytics.series.test_content import BEGAN_S

NOW_S = BEGAN_S + 12 * DAY_S + 5 * HOUR_S


def test_a_drift_that_is_accepted_late_needs_only_what_is_missing_since_it_began(store: Store) -> None:
    """Two answers an hour; it began to drift in the middle of a day, ten and a half days ago."""
    keep(store, {at: list(texts()[:2]) for at in range(BEGAN_S, NOW_S, HOUR_S)})
    says = place(store, SAYS)
    Records(store).write_references({says: Learned(SAYS, BEGAN_S - 30 * DAY_S)})
    fleet = Fleet(store, Policy(), NOW_S)

    fleet.begin_anew({says: BEGAN_S + DAY_S + 12 * HOUR_S}, NOW_S)

    known = Records(store).references()[says]
    assert known.tally == Tally(BEGAN_S + 12 * DAY_S, (48,) * 10, (48,) * 10)
    missing = "4 more days, and 160 more answers: about 4 days at 48 a day"
    assert wanting(Policy(), known, Company(), NOW_S) == missing


def test_what_warmed_up_before_there_were_tallies_gets_one_at_the_start(store: Store) -> None:
    days = (0, 1, 4)
    for day in days:
        write(store, numbers(KEY, BEGAN_S + day * DAY_S + 7 * HOUR_S, np.full(3 + day, 0.5)))
    key = place(store, KEY)
    Records(store).write_references({key: Learned(KEY, BEGAN_S)})

    Fleet(store, Policy(), BEGAN_S + 6 * DAY_S + HOUR_S)
    first = Records(store).references()[key]
    write(store, numbers(KEY, BEGAN_S + 2 * DAY_S, np.full(9, 0.5)))
    Fleet(store, Policy(), BEGAN_S + 6 * DAY_S + HOUR_S)

    assert first.tally == Tally(BEGAN_S + 6 * DAY_S, (3, 4, 0, 0, 7, 0), (3, 4, 0, 0, 7, 0))
    assert Records(store).references()[key] == first
