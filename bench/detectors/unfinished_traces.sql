-- Traces of five spans below an agent that has not ended: a model asks for two tools, one of which answers.
INSERT INTO spans (
    project, segment, received_day, received, trace_id, span_id, parent_span_id, name, kind, operation,
    agent, tool, model, service, service_instance, output_key, attributes, start, end)
SELECT
    'default',
    {segment:String},
    {day:Date},
    now64(9, 'UTC'),
    MD5(concat('unfinished', toString({first:UInt64} + intDiv(number, 5)))),
    toFixedString(reinterpretAsString(2 + number % 5), 8),
    toFixedString('\x01', 8),
    'work',
    if(number % 5 IN (0, 3), 'llm', 'tool'),
    if(number % 5 IN (0, 3), 'chat', 'execute_tool'),
    'worker',
    if(number % 5 IN (0, 3), '', 'search'),
    if(number % 5 IN (0, 3), 'm', ''),
    'bench',
    'bench-1',
    if(number % 5 IN (0, 3), 'gen_ai.output.messages', ''),
    map(
        'gen_ai.input.messages', repeat('what was asked ', 60),
        'gen_ai.output.messages',
        concat(
            '[{"role":"assistant","parts":[{"type":"text","content":"', repeat('so ', 100), '"},',
            '{"type":"tool_call","id":"', toString(number), '","name":"search","arguments":{}},',
            '{"type":"tool_call","id":"x', toString(number), '","name":"fetch","arguments":{}}]}]')),
    now64(9, 'UTC') - toIntervalSecond(60 - 2 * (number % 5)) AS begun,
    begun + toIntervalSecond(1)
FROM numbers({traces:UInt64} * 5)
