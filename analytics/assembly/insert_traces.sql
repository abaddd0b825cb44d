-- The summary of every trace that was just assembled, from its steps: all of them have the version. A trace that
-- begins in another hour than it did so far is deleted where it stands, by the same insert and so at once.
INSERT INTO traces (
    project, trace_id, version, start, is_deleted, environment, name, agents, services, end, spans, errors, open,
    status, session, user, input_tokens, output_tokens, cost_usd, error_message, spans_left_out,
    roots, missing_parents)
SELECT
    project,
    trace_id,
    {version:UInt64},
    (arrayJoin(arrayConcat([(min(start), 0)], arrayMap(moment -> (moment, 1), arrayFilter(
        moment -> toStartOfHour(moment) != toStartOfHour(min(start)), any(former_starts))))) AS place).1,
    place.2,
    argMin(environment, (depth, start)),
    argMin(name, (depth, start)),
    arraySort(groupUniqArrayIf(100)(agent, agent != '')),
    arraySort(groupUniqArrayIf(100)(service, service != '')),
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
    {left_out:UInt64},
    countIf(parent_span_id = toFixedString('', 8)),
    -- who names itself has no other parent
    uniqExactIf(parent_span_id, depth = 0 AND parent_span_id NOT IN (toFixedString('', 8), span_id))
FROM steps
LEFT JOIN
(
    SELECT project, trace_id, groupArray(start) AS former_starts
    FROM traces FINAL
    WHERE (project, toStartOfHour(start), trace_id) IN (
        SELECT project, hour, trace_id FROM trace_hours
        WHERE (trace_id, project) IN (SELECT trace_id, project FROM steps WHERE version = {version:UInt64}))
    GROUP BY project, trace_id
) AS standing USING (project, trace_id)
WHERE version = {version:UInt64}
GROUP BY project, trace_id
-- one part: it is there or it is not
SETTINGS max_insert_threads = 1
