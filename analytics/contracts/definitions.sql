-- What agents were told of their tools in these versions: the attributes that say so of some calls of each agent to its
-- models and to each of its tools. Texts are as they are, or in pieces that are stored apart.
WITH
    asked AS
    (
        SELECT *
        FROM
        (
            SELECT project, trace_id, span_id, kind, leftUTF8(agent, {text_max:UInt32}) AS agent, leftUTF8(tool, {text_max:UInt32}) AS tool, agent_version
            FROM steps
            WHERE version > {after:UInt64} AND version <= {until:UInt64} AND kind IN ('llm', 'tool')
            ORDER BY kind, sipHash64(trace_id, span_id)
            LIMIT {calls_max:UInt32} BY project, kind, agent, tool, agent_version
        )
        -- projects take turns
        ORDER BY row_number() OVER (PARTITION BY project ORDER BY kind, sipHash64(trace_id, span_id)), project
        LIMIT {rows_max:UInt32}
    )
SELECT
    project,
    agent,
    if(kind = 'tool', tool, '') AS of_tool,
    agent_version,
    day,
    said,
    arrayMap(one -> (one.key, one.joint, one.ending, arrayMap(hash -> lower(hex(hash)), arraySlice(one.pieces, 1, {pieces_max:UInt32}))), apart) AS said_apart
FROM asked
INNER JOIN
(
    SELECT
        project,
        trace_id,
        span_id,
        toString(received_day) AS day,
        mapFilter((key, _) -> match(key, {keys:String}), attributes) AS said,
        arrayFilter(one -> match(one.key, {keys:String}), content_references) AS apart
    FROM spans
    WHERE (project, toStartOfHour(start), trace_id) IN (
            SELECT project, hour, trace_id FROM trace_hours WHERE (trace_id, project) IN (SELECT trace_id, project FROM asked))
        AND (project, trace_id, span_id) IN (SELECT project, trace_id, span_id FROM asked)
    ORDER BY open, end DESC, received DESC
    LIMIT 1 BY project, trace_id, span_id
) AS reports USING (project, trace_id, span_id)
WHERE notEmpty(said) OR notEmpty(apart)
