-- Takes the steps that ended in hours in a row from all that are stored, once for all that is counted of them. What was open
-- for longer than a day is left out.
INSERT INTO drift_steps (
    project, hour, environment, trace_id, span_id, kind, agent, operation, subject, agent_version, handoff_to, is_work, is_answer,
    outcome, start, duration_s, first_token_s, attempt, input_tokens, output_tokens, reasoning_tokens, cost_usd, reasons)
SELECT
    project,
    toStartOfHour(end),
    environment,
    trace_id,
    span_id,
    kind,
    leftUTF8(steps.agent, 200),
    if(steps.operation = '', kind, steps.operation),
    multiIf(
        kind = 'tool', leftUTF8(tool, 200), kind IN ('llm', 'embedding'), leftUTF8(model, 200),
        depth = 0, leftUTF8(name, 200), ''),
    leftUTF8(steps.agent_version, 200),
    leftUTF8(steps.handoff_to, 200),
    kind IN ('llm', 'tool', 'agent', 'workflow', 'retriever', 'embedding', 'guardrail', 'evaluator') OR depth = 0,
    kind IN ('llm', 'agent') AND state = 'ended' AND output_hash != 0,
    multiIf(
        state = 'cancelled', 'cancelled',
        status = 'error', if(error_type = '', 'error', leftUTF8(error_type, 100)),
        payload_error NOT IN ('', 'empty'), 'its answer says so',
        payload_error = 'empty', 'empty answer',
        'ok'),
    steps.start,
    steps.duration_s,
    steps.first_token_s,
    steps.attempt,
    if(tokens_counted, steps.input_tokens, NULL),
    if(tokens_counted, steps.output_tokens, NULL),
    if(tokens_counted, steps.reasoning_tokens, NULL),
    if(cost_counted, steps.cost_usd, NULL),
    arrayFilter(reason -> reason != '', arrayMap(reason -> leftUTF8(reason, 100), arraySlice(finish_reasons, 1, 4)))
FROM steps FINAL
-- weeks in which they may have been assembled, be a clock a day ahead: FINAL merges what it reads
WHERE _partition_value.1 + 8 > toDateTime({from_s:Int64}, 'UTC')
    AND steps.start >= toDateTime64({from_s:Int64} - 86400, 9, 'UTC')
    AND steps.start < toDateTime64({until_s:Int64}, 9, 'UTC')
    AND end >= toDateTime64({from_s:Int64}, 9, 'UTC')
    AND end < toDateTime64({until_s:Int64}, 9, 'UTC')
    AND state IN ('ended', 'cancelled')
    AND steps.duration_s BETWEEN 0 AND 86400
-- what is written at once is in memory
SETTINGS max_insert_threads = 1, min_insert_block_size_rows = 250000, min_insert_block_size_bytes = 60000000
