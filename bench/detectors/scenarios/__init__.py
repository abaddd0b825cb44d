"""The scenarios by name: what agents do, with a fault or without it."""

from collections.abc import Callable, Mapping

from bench.detectors.scenarios.bombs import depth_bomb, fan_out_bomb, recursion
from bench.detectors.scenarios.repeats import (
    batch,
    cycle_of_calls,
    identical_calls,
    pagination,
    ping_pong,
    polling,
    storm_of_429,
)
from bench.detectors.scenarios.research import (
    hang_in_stream,
    hang_in_tool,
    process_kill,
    slow_tool,
    wait_for_a_person,
)
from bench.detectors.scenarios.rings import (
    lost_reply,
    ring_across_traces,
    ring_of_four,
    ring_of_locks,
    ring_of_three,
    ring_of_two,
    ring_with_a_deadline,
    wait_for_either,
)
from bench.detectors.scene import Scene

Scenario = Callable[[Scene], None]

SCENARIOS: Mapping[str, Scenario] = {
    scenario.__name__: scenario
    for scenario in (
        hang_in_tool,
        hang_in_stream,
        lost_reply,
        process_kill,
        ring_of_two,
        ring_of_three,
        ring_of_four,
        ring_across_traces,
        ring_of_locks,
        identical_calls,
        cycle_of_calls,
        ping_pong,
        storm_of_429,
        fan_out_bomb,
        depth_bomb,
        slow_tool,
        wait_for_a_person,
        wait_for_either,
        ring_with_a_deadline,
        polling,
        batch,
        pagination,
        recursion,
    )
}
