-- What was recorded of the spans of traces, which are given in order (as in spans_of.sql): contracts that were broken, by
-- agent, call, side and path; and errors where they began. `by_caller` is what whoever called it gave.
WITH compared AS
(
    SELECT
        {project:String} AS project,
        toFixedString(unhex(given.1), 16) AS trace_id,
        given.2 - 1 AS trace
    FROM (SELECT arrayJoin(arrayZip({ids:Array(String)}, arrayEnumerate({ids:Array(String)}))) AS given)
)
SELECT toInt64(trace) AS trace, reinterpretAsUInt64(span_id) AS span, sort, leftUTF8(said, {text_max:UInt32}) AS name, toBool(by_caller) AS by_caller
FROM
(
    SELECT
        project,
        trace_id,
        span_id,
        'contract break' AS sort,
        concat(arrayStringConcat(arrayFilter(one -> one != '', [agent, contract_calls.name]), ' '), ' ', side, ' ',
            arrayJoin(arrayDistinct(violations.path))) AS said,
        side = 'input' AND (kind = 'agent' OR agent = '') AS by_caller
    FROM contract_calls FINAL
    WHERE project = {project:String} AND (project, trace_id) IN (SELECT project, trace_id FROM compared) AND outcome = 'broken'
    UNION ALL
    SELECT
        project,
        trace_id,
        chain.hops[1] AS span_id,
        'error' AS sort,
        concat(arrayStringConcat(arrayFilter(one -> one != '', [chain.agent, chain.label]), ' '), ': ', chain.error_type) AS said,
        0 AS by_caller
    FROM chains FINAL
    ARRAY JOIN chains AS chain
    -- that the root has failed is what is asked
    WHERE project = {project:String} AND (project, trace_id) IN (SELECT project, trace_id FROM compared) AND chain.hops[1] != toFixedString('', 8)
) AS records
INNER JOIN compared USING (project, trace_id)
ORDER BY trace, span, sort, name
LIMIT {rows_max:UInt32}
