-- What the error chains of traces are made of: of every trace that was written in these versions and in which something
-- failed, its roots, the spans that failed, those right above them, what was called beside them, and what holds others. A
-- trace is written whole under each version, so its newest version is all of it.
WITH
    touched AS
    (
        SELECT project, trace_id, max(version) AS newest
        FROM steps
        WHERE version > {after:UInt64} AND version <= {until:UInt64}
        GROUP BY project, trace_id
    ),
    failing AS
    (
        SELECT
            project,
            trace_id,
            version,
            groupUniqArray({spans_max:UInt32})(parent_span_id) AS above,
            groupUniqArray({spans_max:UInt32})(span_id) AS failed_ids
        FROM steps
        WHERE version > {after:UInt64} AND version <= {until:UInt64}
            AND (status = 'error' OR payload_error != '')
            -- an answer with nothing in it is an error where that tool always answers something: of 200 answers or
            -- more in seven days, one in a hundred has nothing in it at most
            AND (status = 'error' OR payload_error != 'empty' OR (project, concat(agent, '\0', tool)) IN (
                SELECT project, name
                FROM habits
                WHERE measure = 'empty' AND hour >= now() - INTERVAL 7 DAY AND (project, hour, version) IN (
                    SELECT project, hour, max(version) FROM habits WHERE hour >= now() - INTERVAL 7 DAY GROUP BY project, hour)
                GROUP BY project, name
                HAVING sum(n) >= 200 AND sumIf(n, value = 1) * 100 <= sum(n)))
            AND (project, trace_id, version) IN touched
        GROUP BY project, trace_id, version
    ),
    -- projects take turns: none takes the room of the others
    places AS
    (
        SELECT *, row_number() OVER (PARTITION BY project ORDER BY version, trace_id) AS turn
        FROM failing
        ORDER BY turn, project
        LIMIT {traces_max:UInt32}
    )
SELECT
    project,
    lower(hex(steps.trace_id)) AS trace_id,
    version,
    lower(hex(steps.span_id)) AS span_id,
    if(steps.parent_span_id = toFixedString('', 8), '', lower(hex(steps.parent_span_id))) AS parent_span_id,
    environment,
    session,
    user,
    kind,
    leftUTF8(name, {text_max:UInt32}) AS name,
    leftUTF8(agent, {text_max:UInt32}) AS agent,
    leftUTF8(tool, {text_max:UInt32}) AS tool,
    leftUTF8(model, {text_max:UInt32}) AS model,
    toBool(has(failed_ids, steps.span_id)) AS failed,
    toBool(state = 'cancelled') AS cancelled,
    leftUTF8(error_type, {text_max:UInt32}) AS error_type,
    if(status = 'error', '', payload_error) AS payload_error,
    leftUTF8(if(error_message = '', payload_error, error_message), {message_max:UInt32}) AS message,
    -- what differs from time to time: quoted values, ids and numbers
    leftUTF8(replaceRegexpAll(
        replaceRegexpAll(message, '''[^'']*''|"[^"]*"|`[^`]*`', '#'),
        '[0-9a-fA-F]{8,}(-[0-9a-fA-F]+)*|[0-9]+', '#'), {text_max:UInt32}) AS error_text,
    toUnixTimestamp64Nano(start) AS start_ns,
    if(state = 'open', 0, toUnixTimestamp64Nano(end)) AS end_ns
FROM steps
INNER JOIN places USING (project, trace_id, version)
WHERE version > {after:UInt64} AND version <= {until:UInt64}
    AND (project, steps.trace_id, version) IN (SELECT project, trace_id, version FROM places)
    AND (failed OR depth = 0 OR has(above, steps.span_id) OR has(above, steps.parent_span_id)
        OR kind IN ('agent', 'workflow', 'chain', 'step', 'task'))
ORDER BY project, trace_id, depth = 0 DESC, failed DESC, has(above, steps.span_id) DESC, steps.span_id
LIMIT {spans_max:UInt32} BY project, trace_id
