-- Steps of traces of twelve that ended within an hour: a workflow, two agents, four model calls and five of tools. Ids are
-- spread evenly, as random ones are.
INSERT INTO steps (
    project, trace_id, span_id, version, environment, service, agent_version, name, kind, agent, operation, tool, model,
    start, end, duration_s, state, status, error_type, input_tokens, output_tokens, cost_usd, finish_reasons, tokens_counted,
    cost_counted, depth, output_hash, first_token_s)
WITH
    number % 12 AS place,
    intDiv(number, 12) AS trace,
    multiIf(place = 0, 'workflow', place < 3, 'agent', place < 7, 'llm', 'tool') AS what,
    what = 'llm' AS is_model,
    exp(randNormal(0, 1)) AS lasted_s,
    fromUnixTimestamp64Nano(({hour_s:Int64} * 1000000000 + toInt64(3599000000000 * (sipHash64(trace) / pow(2, 64))))::Int64, 'UTC') AS ended
SELECT
    'fleet', reinterpretAsFixedString(sipHash128(trace)), reinterpretAsFixedString(sipHash64(number)), toUInt64(toUnixTimestamp64Micro(ended) + 2000000), 'production', 'agents',
    if(sipHash64(trace, 'v') % 5 = 0, '2', '1'),
    if(place = 0, concat('flow ', toString(trace % 5)), what), what,
    if(place = 0, '', concat('agent ', toString((trace * 7 + place) % {agents:UInt32}))),
    ['invoke_workflow', 'invoke_agent', 'chat', 'execute_tool'][multiIf(place = 0, 1, place < 3, 2, is_model, 3, 4)],
    if(what = 'tool', concat('tool ', toString(rand(1) % 30)), ''),
    if(is_model, concat('model ', toString(trace % 4)), ''),
    ended - toIntervalMillisecond(toInt64(least(lasted_s, 600) * 1000)), ended, lasted_s, 'ended',
    if(rand(2) % 50 = 0, 'error', 'ok'), if(rand(2) % 50 = 0, 'TimeoutError', ''),
    if(is_model, toUInt64(exp(randNormal(7, 1))), NULL), if(is_model, toUInt64(exp(randNormal(5, 1))), NULL),
    if(is_model, exp(randNormal(0, 1)) / 400, NULL), if(is_model, ['stop'], []), is_model, is_model, place > 0,
    if(is_model OR what = 'agent', 1, 0), if(is_model, lasted_s / 4, NULL)
FROM numbers({first:UInt64}, {steps:UInt64})
