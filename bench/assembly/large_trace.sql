-- Spans of one trace: a daemon's root that is open, and calls beneath it, ten a second.
INSERT INTO spans (
    project, segment, received_day, received, trace_id, span_id, parent_span_id, name, kind, operation,
    agent, tool, service, start, end, open)
SELECT
    'default',
    {segment:String},
    {day:Date},
    now64(9, 'UTC'),
    toFixedString(unhex('00112233445566778899aabbccddeeff'), 16),
    toFixedString(reinterpretAsString(number + 1), 8),
    toFixedString(if(number = 0, '', reinterpretAsString(toUInt64(1))), 8),
    if(number = 0, 'daemon', 'poll'),
    if(number = 0, 'agent', 'tool'),
    if(number = 0, 'invoke_agent', 'execute_tool'),
    if(number = 0, 'daemon', ''),
    if(number = 0, '', 'poll'),
    'bench',
    now64(9, 'UTC') - toIntervalMillisecond(100 * ({spans_total:UInt64} - number)) AS begun,
    if(number = 0, fromUnixTimestamp64Nano(0, 'UTC'), begun + toIntervalMillisecond(50)),
    number = 0
FROM numbers({first:UInt64}, {spans:UInt64})
