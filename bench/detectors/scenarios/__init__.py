"""The scenarios by name: what agents do, with a fault or without it."""

from collections.abc import Callable, Mapping

from bench.detectors.scenarios.answers import (
    dropped_field,
    empty_usual,
    expected_404,
    fallback,
    handled_retry,
    human_interrupt,
    marked_error_key,
    marked_http_500,
    marked_is_error,
    optional_missing,
    renamed_field,
    swallowed_consumed,
    swallowed_silent,
    truncated_json,
    wrong_value,
)
from bench.detectors.scenarios.bombs import depth_bomb, fan_out_bomb, recursion
from bench.detectors.scenarios.chains import (
    cancelled_sibling,
    chain_changes,
    chain_contained,
    chain_multiplied,
    chain_of_four,
    chain_of_three,
    chain_through_steps,
    race_of_two,
    refused_by_model,
)
from bench.detectors.scenarios.payments import (
    paid_after_timeout,
    paid_before_timeout,
    paid_by_two,
    paid_once_by_two,
    paid_with_key,
    read_again,
)
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
        refused_by_model,
        chain_through_steps,
        chain_of_three,
        chain_of_four,
        chain_changes,
        chain_multiplied,
        cancelled_sibling,
        swallowed_consumed,
        swallowed_silent,
        marked_is_error,
        marked_error_key,
        marked_http_500,
        wrong_value,
        truncated_json,
        renamed_field,
        dropped_field,
        paid_after_timeout,
        paid_by_two,
        paid_before_timeout,
        paid_with_key,
        paid_once_by_two,
        read_again,
        chain_contained,
        handled_retry,
        fallback,
        expected_404,
        race_of_two,
        human_interrupt,
        optional_missing,
        empty_usual,
    )
}
