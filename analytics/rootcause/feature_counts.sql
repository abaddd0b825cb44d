-- What the traces of one root have, and how many of those that failed and that did not have it. Of each side the latest
-- {traces_max} are counted. A feature is counted once a trace; `same` is equal for features of the same traces.
WITH
    counted AS
    (
        SELECT project, trace_id, version, status = 'error' AS failed
        FROM traces FINAL
        WHERE project = {project:String}
            AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
            AND start < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
            AND open = 0
            AND name = {root:String}
            AND ({environment:String} = '' OR environment = {environment:String})
        ORDER BY start DESC, trace_id
        LIMIT {traces_max:UInt32} BY failed
    ),
    spans AS
    (
        SELECT project, trace_id, span_id, parent_span_id, kind, agent, agent_version, tool, model, status, error_type, failed
        FROM steps
        INNER JOIN counted USING (project, trace_id, version)
        WHERE project = {project:String}
            AND (project, trace_id) IN (SELECT project, trace_id FROM counted)
    ),
    had AS
    (
        SELECT DISTINCT trace_id, failed, feature.1 AS sort, feature.2 AS name
        FROM
        (
            SELECT
                trace_id,
                failed,
                arrayJoin(arrayFilter(feature -> feature.2 != '', [
                    ('agent', agent),
                    ('tool', if(kind = 'tool', tool, '')),
                    ('model', if(kind = 'llm', model, '')),
                    ('version', if(agent_version = '', '', concat(agent, ' ', agent_version))),
                    -- that the root has failed is what is asked
                    ('failing call', if(status = 'error' AND parent_span_id != toFixedString('', 8),
                        concat(if(tool = '', if(agent = '', kind, agent), tool), ': ', error_type), ''))])) AS feature
            FROM spans
            UNION ALL
            SELECT callee.trace_id, callee.failed, ('calls', concat(caller.agent, ' → ', callee.agent))
            FROM spans AS callee
            INNER JOIN spans AS caller ON caller.project = callee.project AND caller.trace_id = callee.trace_id AND caller.span_id = callee.parent_span_id
            WHERE caller.agent != callee.agent AND caller.agent != '' AND callee.agent != ''
        )
    )
SELECT
    sort,
    leftUTF8(name, {text_max:UInt32}) AS feature,
    countIf(failed) AS failing_with,
    countIf(NOT failed) AS passing_with,
    groupBitXor(cityHash64(trace_id)) AS same,
    lower(hex(anyIf(trace_id, failed))) AS failing_example,
    lower(hex(anyIf(trace_id, NOT failed))) AS passing_example,
    (SELECT countIf(failed) FROM counted) AS failing,
    (SELECT countIf(NOT failed) FROM counted) AS passing
FROM had
GROUP BY sort, name
ORDER BY failing_with DESC, passing_with, sort, name
LIMIT {rows_max:UInt32}
