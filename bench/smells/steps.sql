-- Steps of many traces, spread over a week: each is a tree of four below each, every fourth span an agent.
-- One trace in fifty fails in a tool.
INSERT INTO steps (
    project, trace_id, span_id, parent_span_id, version, environment, service, service_instance, agent_version, name,
    kind, agent, operation, tool, model, provider, start, end, duration_s, state, status, error_type, depth)
WITH
    number % {spans_each:UInt32} AS i,
    intDiv(number, {spans_each:UInt32}) AS t,
    {agents:Array(UInt32)}[i + 1] AS owner,
    i % 4 = 0 AS is_agent,
    toString(t % {workflows:UInt32}) AS workflow,
    t % 50 = 0 AND i IN (0, 1) AS fails,
    {now_ns:Int64} - 1000000000 * toInt64(604000 - t * 604000 / {traces:UInt64}) + i * 100000000 AS began_ns
SELECT
    'shop',
    toFixedString(concat(reinterpretAsFixedString(sipHash64(t)), reinterpretAsFixedString(toUInt64(t))), 16),
    reinterpretAsFixedString(sipHash64(number)),
    if(i = 0, toFixedString('', 8), reinterpretAsFixedString(sipHash64(toUInt64(number - i + intDiv(toInt64(i) - 1, 4))))),
    toUInt64(intDiv(began_ns, 1000)) + 30000000,
    'production',
    'agents',
    concat('agents-', toString(t % 4)),
    '1',
    if(is_agent, concat('invoke_agent ', workflow), if(i % 4 = 1, 'chat', 'execute_tool')),
    multiIf(is_agent, 'agent', i % 4 = 1, 'tool', 'llm'),
    concat('agent ', toString(owner), ' of ', workflow),
    multiIf(is_agent, 'invoke_agent', i % 4 = 1, 'execute_tool', 'chat'),
    if(i % 4 = 1, concat('tool ', toString(i), ' of ', workflow), ''),
    if(is_agent OR i % 4 = 1, '', concat('model ', toString(i % 3))),
    if(is_agent OR i % 4 = 1, '', 'openai'),
    fromUnixTimestamp64Nano(began_ns, 'UTC'),
    fromUnixTimestamp64Nano(began_ns + 1000000 * toInt64(100 + sipHash64(number) % 3000), 'UTC'),
    0.1 + (sipHash64(number) % 3000) / 1000,
    'ended',
    if(fails, 'error', 'ok'),
    if(fails, 'ToolError', ''),
    multiIf(i = 0, 0, i < 5, 1, i < 21, 2, 3)
FROM numbers({first:UInt64}, {spans:UInt64})
