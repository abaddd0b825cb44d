-- Traces of eight spans, of which the last so many are told: an agent and calls beneath it.
INSERT INTO spans (
    project, segment, received_day, received, trace_id, span_id, parent_span_id, name, kind, operation,
    agent, tool, service, start, end)
SELECT
    'default',
    {segment:String},
    {day:Date},
    now64(9, 'UTC'),
    MD5(toString({first:UInt64} + intDiv(number, {told:UInt64}))) AS trace_id,
    toFixedString(reinterpretAsString(9 - {told:UInt64} + number % {told:UInt64}), 8) AS span_id,
    toFixedString(if(span_id = toFixedString('\x01', 8), '', '\x01'), 8),
    'work',
    if(span_id = toFixedString('\x01', 8), 'agent', 'tool'),
    if(span_id = toFixedString('\x01', 8), 'invoke_agent', 'execute_tool'),
    if(span_id = toFixedString('\x01', 8), 'worker', ''),
    if(span_id = toFixedString('\x01', 8), '', 'search'),
    'bench',
    toStartOfHour(now64(9, 'UTC')) - toIntervalHour({hours_ago:UInt32}) + toIntervalMillisecond(number % 3600000) AS begun,
    begun + toIntervalMillisecond(50)
FROM numbers({traces:UInt64} * {told:UInt64})
