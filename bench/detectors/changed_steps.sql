-- Steps of traces of eight spans, as assembly writes them: an agent, its model and its tools, now and then failing
-- and made again. Of {loops_of} traces one calls the same again and again.
INSERT INTO steps (
    project, trace_id, span_id, parent_span_id, version, environment, service, name, kind, agent, operation, tool, model,
    start, end, duration_s, state, status, error_type, input_tokens, output_tokens, tokens_counted, input_hash,
    output_hash, depth)
SELECT
    'default',
    MD5(concat({seed:String}, toString(intDiv(number, 8)))) AS trace_id,
    toFixedString(reinterpretAsString(number % 8 + 1), 8) AS span_id,
    toFixedString(if(number % 8 = 0, '', '\x01'), 8),
    {version:UInt64} + intDiv(number, 8) % 120,
    'production',
    concat('service ', toString(cityHash64(trace_id) % 20)),
    if(number % 8 = 0, concat('invoke_agent agent ', toString(cityHash64(trace_id) % 50)), 'work'),
    multiIf(number % 8 = 0, 'agent', number % 2 = 1, 'llm', 'tool') AS kind_now,
    concat('agent ', toString(cityHash64(trace_id) % 50)),
    multiIf(kind_now = 'agent', 'invoke_agent', kind_now = 'llm', 'chat', 'execute_tool'),
    if(kind_now = 'tool', concat('tool ', toString(cityHash64(trace_id, if(is_loop, 0, number)) % 200)), ''),
    if(kind_now = 'llm', concat('model ', toString(cityHash64(trace_id) % 5)), ''),
    fromUnixTimestamp64Nano({end_ns:Int64} - {span_ns:Int64}, 'UTC')
        + toIntervalMillisecond(cityHash64(trace_id) % intDiv({span_ns:Int64}, 1000000)) AS began,
    began + toIntervalMillisecond(if(kind_now = 'agent', 8000, 700)),
    0.7,
    'ended',
    if(kind_now = 'tool' AND cityHash64(number, 3) % 50 = 0, 'error', 'ok') AS status_now,
    if(status_now = 'error', 'TimeoutError', ''),
    if(kind_now = 'llm', 500, NULL),
    if(kind_now = 'llm', 50, NULL),
    kind_now = 'llm',
    cityHash64(trace_id, if(is_loop AND kind_now = 'tool', 0, number)),
    cityHash64(trace_id, if(is_loop, 0, number), 1),
    if(number % 8 = 0, 0, 1)
FROM (
    SELECT number, cityHash64({seed:String}, intDiv(number, 8)) % {loops_of:UInt64} = 0 AS is_loop
    FROM numbers({spans:UInt64}))
