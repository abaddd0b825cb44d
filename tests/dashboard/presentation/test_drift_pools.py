"""What is said of series that are watched together."""

from analytics.api.drift_models import Explanation, MemberShift
from dashboard.presentation.drift import said, what
from dashboard.presentation.drift_alarm import in_short
from dashboard.presentation.drift_tables import member_rows, shift_rows
from tests.dashboard import fleet
from tests.dashboard.drifting import SLOW, one_series

SLOWER = one_series(5, SLOW, 2)
assert SLOWER is not None
SPARSE = SLOWER.model_copy(update={"state": "pooled", "alarm": None, "pool": "ab" * 8})
POOL = SLOWER.model_copy(
    update={"metric": "rank of duration", "agent": "", "subject": "", "unit": "rank", "alarm": None}
)


def test_a_sparse_series_says_that_it_is_watched_with_others() -> None:
    head, rest, tone = in_short(SPARSE, fleet.NOW)

    assert head == "Duration of coder, chat gpt-5 in production has too few calls to be watched alone."
    assert (rest, tone) == ("It is watched together with others.", "quiet")
    assert said(SPARSE) == "Too few calls to be watched alone."


def test_a_pool_is_of_several_agents_and_is_told_in_ranks() -> None:
    assert what(POOL) == "rank of duration of several agents, chat"
    assert SLOWER is not None
    assert SLOWER.alarm is not None
    levels = [
        one.model_copy(update={"before": 50.0, "after": 74.2}) for one in SLOWER.alarm.explanation.levels
    ]
    moved = SLOWER.alarm.explanation.model_copy(update={"levels": levels})

    _, rows = shift_rows(POOL, moved)

    assert rows[2][:4] == ["median", "50.0 %", "74.2 %", "+24.2 %"]


def test_who_moved_is_told_with_its_calls_and_its_part() -> None:
    moved = MemberShift(
        agent="coder", operation="chat", subject="gpt-5", calls=1_234, rank=74.2, mix=-0.02, behaviour=7.93
    )
    # of an alarm that was told before parts were
    old = MemberShift(agent="tester", operation="chat", subject="gpt-5", calls=9, rank=50)

    rows = member_rows(Explanation(headline="", moved="location", is_up=True, members=[moved, old]))

    assert rows == [
        ["coder chat gpt-5", "1,234", "74 %", "+7.93 points", "-0.02 points"],
        ["tester chat gpt-5", "9", "50 %", "", ""],
    ]
