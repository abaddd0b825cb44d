"""Directory: whom a name means, and that many of one name cost no more than a few."""

import time

from analytics.waits.directory import Directory
from analytics.waits.open_span import OpenSpan
from tests.analytics.detectors.wait_rows import agent, wait

MANY = 6_000
# A pass over all of them for each takes ten times as long on the slowest machine; a look-up is fast.
CPU_S_MAX = 1.0


def coder(number: int, **fields: str) -> OpenSpan:
    return OpenSpan(**{"project_seen_ns": 0, **agent("coder", number, trace=number, **fields)})


def waiter(number: int, **fields: str) -> OpenSpan:
    row = wait("planner", "coder", number, trace=10**6 + number, **fields)
    return OpenSpan(**{"project_seen_ns": 0, **row})


def test_one_without_a_session_may_be_meant_by_all_and_one_of_another_by_nobody() -> None:
    directory = Directory()
    directory.add("monday", coder(1, session="monday"))
    directory.add("none", coder(2))

    assert directory.find("coder", waiter(1, session="monday"), "me").ids == ["monday"]
    assert directory.find("coder", waiter(1, session="tuesday"), "me").ids == ["none"]
    assert directory.find("coder", waiter(1), "me").ids == ["monday", "none"]


def test_many_of_a_name_in_other_sessions_are_not_gone_through_for_each_wait() -> None:
    directory = Directory()
    for number in range(MANY):
        directory.add(str(number), coder(number, session=f"there-{number}"))
    waiters = [waiter(number, session=f"here-{number}") for number in range(MANY)]
    began_s = time.process_time()

    found = [directory.find("coder", span, "me").ids for span in waiters]

    assert not any(found)
    assert time.process_time() - began_s < CPU_S_MAX
