-- The summary of every trace that was just assembled, from its steps: all of them have the version.
INSERT INTO traces (
    project, trace_id, version, environment, name, agents, services, start, end, spans, errors, open,
    status, session, user, input_tokens, output_tokens, cost_usd, error_message, spans_left_out)
SELECT
    project,
    trace_id,
    {version:UInt64},
    argMin(environment, (depth, start)),
    argMin(name, (depth, start)),
    arraySort(groupUniqArrayIf(100)(agent, agent != '')),
    arraySort(groupUniqArrayIf(100)(service, service != '')),
    min(start),
    max(end),
    count(),
    countIf(status = 'error'),
    countIf(state = 'open'),
    multiIf(countIf(state = 'open') > 0, 'open', countIf(status = 'error' AND depth = 0) > 0, 'error', 'ok'),
    argMin(session, (depth, start)),
    argMin(user, (depth, start)),
    sumIf(input_tokens, tokens_counted),
    sumIf(output_tokens, tokens_counted),
    sumIf(cost_usd, cost_counted),
    argMinIf(error_message, (depth, end), status = 'error'),
    {left_out:UInt64}
FROM steps
WHERE version = {version:UInt64}
GROUP BY project, trace_id
