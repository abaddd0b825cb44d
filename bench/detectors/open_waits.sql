-- Spans that are open, in chains of five; the second of each is a wait with a deadline.
INSERT INTO open_spans (
    project, trace_id, span_id, parent_span_id, first_seen, observed, ended, service, service_instance, name, kind,
    agent, start, last_progress, open_descendants, waiting_on, wait_reason, wait_timeout_s, heartbeats)
SELECT
    'default',
    MD5(concat('open', toString(intDiv(number, 5)))),
    toFixedString(reinterpretAsString(1 + number % 5), 8),
    toFixedString(if(number % 5 = 0, '', reinterpretAsString(number % 5)), 8),
    now64(9, 'UTC') - toIntervalSecond(300),
    now64(9, 'UTC'),
    false,
    'bench',
    'bench-1',
    'work',
    if(number % 5 = 1, 'wait', 'agent'),
    concat('agent ', toString(number % 50)),
    now64(9, 'UTC') - toIntervalSecond(300),
    now64(9, 'UTC') - toIntervalSecond(300),
    4 - number % 5,
    if(number % 5 = 1, 'tester', ''),
    if(number % 5 = 1, 'agent', ''),
    if(number % 5 = 1, 60 + number % 600, NULL),
    30
FROM numbers({spans:UInt64})
