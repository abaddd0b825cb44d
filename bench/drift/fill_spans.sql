-- The spans of those steps, with what models and agents said: a hundred words, or a small document of one in eight; and with
-- what models were told, fifty sentences an agent.
INSERT INTO spans (
    project, segment, received_day, received, trace_id, span_id, name, start, end, kind, output_key, output_hash, attributes)
WITH
    ['the', 'order', 'of', 'your', 'is', 'and', 'refund', 'will', 'courier', 'with', 'on', 'monday', 'please', 'delivery', 'to',
     'status', 'for', 'account', 'that', 'we', 'shipped', 'parcel', 'number', 'by', 'today', 'thank', 'customer', 'it'] AS words,
    if(rand(4) % 8 = 0,
        concat('{"state": "', ['paid', 'open', 'late'][1 + rand(5) % 3], '", "total": ', toString(rand(6) % 1000), ', "items": [{"id": 1}]}'),
        arrayStringConcat(arrayMap(i -> words[1 + sipHash64(i, span_id) % 28], range(100)), ' ')) AS said,
    arrayStringConcat(arrayMap(i -> concat('You are ', agent, ', and ', words[1 + sipHash64(i, agent) % 28], ' is rule ', toString(i), '.'), range(50)), ' ') AS prompt
SELECT
    project, 'bench', toDate(end), end, trace_id, span_id, name, start, end, kind,
    if(output_hash = 0, '', 'gen_ai.output.messages'), output_hash,
    if(output_hash = 0, map('gen_ai.tool.name', tool), map(
        'gen_ai.output.messages',
        concat('[{"role": "assistant", "parts": [{"type": "text", "content": ', toJSONString(said), '}]}]'),
        'gen_ai.system_instructions', if(kind = 'llm', concat('[{"type": "text", "content": ', toJSONString(prompt), '}]'), '')))
FROM steps
WHERE project = 'fleet' AND sipHash64(trace_id) % {parts:UInt32} = {part:UInt32}
