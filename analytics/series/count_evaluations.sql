-- Scores and labels that evaluations gave in each of hours in a row, as events of spans or as log records of them, by what was
-- evaluated. A record that was sent twice counts once.
INSERT INTO drift_pieces (
    project, hour, environment, agent, operation, subject, metric, agent_version, category, bin, is_total, n, traces)
WITH
    (value -> toInt16(if(abs(value) < 1e-6, 0, sign(value) * least(2500, 1 + floor(log(abs(value) / 1e-6) / log(1.02)))))) AS bin_of,
    'gen_ai.evaluation.result' AS event_name,
    given AS
    (
        SELECT DISTINCT
            project, trace_id, span_id,
            leftUTF8(about['gen_ai.evaluation.name'], 60) AS name,
            toFloat64OrNull(about['gen_ai.evaluation.score.value']) AS score,
            leftUTF8(about['gen_ai.evaluation.score.label'], 40) AS label,
            at
        FROM
        (
            SELECT project, trace_id, span_id, attributes AS about, time AS at
            FROM span_logs
            -- to the last day: a record may arrive long after its time, and an hour is counted again because something did. Of
            -- other days the engine reads `event` and `time` alone, for it moves both conditions to where rows are read
            WHERE received_day >= toDate(toDateTime({from_s:Int64}, 'UTC')) - 1 AND event = event_name
            UNION ALL
            SELECT project, trace_id, span_id, one.2 AS about, one.1 AS at
            FROM
            (
                SELECT
                    project, trace_id, span_id,
                    arrayJoin(arrayFilter(
                        one -> one.3 = event_name, arrayZip(event_times, event_attributes, event_names))) AS one
                FROM spans
                WHERE received_day >= toDate(toDateTime({from_s:Int64}, 'UTC')) - 1
                    AND toStartOfHour(start) >= toDateTime({from_s:Int64} - 86400, 'UTC')
                    AND toStartOfHour(start) < toDateTime({until_s:Int64}, 'UTC')
                    AND has(event_names, event_name)
            )
        )
        WHERE name != ''
            AND at >= toDateTime64({from_s:Int64}, 9, 'UTC') AND at < toDateTime64({until_s:Int64}, 9, 'UTC')
    )
SELECT
    project,
    toStartOfHour(given.at) AS hour,
    environment,
    leftUTF8(steps.agent, 200) AS agent,
    if(steps.operation = '', kind, steps.operation) AS operation,
    multiIf(kind = 'tool', leftUTF8(tool, 200), kind IN ('llm', 'embedding'), leftUTF8(model, 200), depth = 0, leftUTF8(steps.name, 200), '') AS subject,
    (arrayJoin(arrayConcat(
        if(isFinite(ifNull(score, nan)), [(concat('evaluation ', given.name), '', bin_of(assumeNotNull(score)))], []),
        if(label != '', [(concat('label ', given.name), label, 0::Int16)], []))) AS one).1 AS metric,
    leftUTF8(steps.agent_version, 200) AS agent_version,
    one.2 AS category,
    one.3 AS bin,
    grouping(category) = 1 AS is_total,
    if(is_total, 0, count()) AS n,
    if(is_total, uniqExact(project, trace_id), 0) AS traces
FROM given
INNER JOIN
(
    SELECT project, trace_id, span_id, environment, agent, operation, kind, tool, model, depth, name, agent_version
    FROM steps FINAL
    WHERE (project, trace_id, span_id) IN (SELECT project, trace_id, span_id FROM given)
) AS steps USING (project, trace_id, span_id)
GROUP BY GROUPING SETS (
    (project, hour, environment, agent, operation, subject, metric, agent_version, category, bin),
    (project, hour, environment, agent, operation, subject, metric, agent_version))
