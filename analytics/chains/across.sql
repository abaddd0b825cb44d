-- Chains of other traces that a chain began in or went on in, by the links of failed roots: what a span of one trace
-- called failed in another. `began` are chains that failed the root which links to a span of this one; `went on` are
-- chains of the trace that the failed root of this one links to, through that span.
WITH
    known AS
    (
        SELECT
            project, trace_id, caller_trace_id, caller_span_id, chain.fingerprint AS fingerprint, chain.agent AS agent, chain.label AS label,
            chain.error_type AS error_type, chain.hops AS hops, chain.outcome AS outcome
        FROM chains FINAL
        ARRAY JOIN chains AS chain
        WHERE project = {project:String} AND version >= {known_version:UInt64} AND NOT chain.cancelled
            AND ({environment:String} = '' OR environment = {environment:String})
    ),
    mine AS
    (
        SELECT project, trace_id AS my_trace, caller_trace_id AS my_caller, caller_span_id AS my_caller_span, hops AS my_hops, outcome AS my_outcome
        FROM known
        WHERE fingerprint = {fingerprint:String}
    )
SELECT
    way,
    other_fingerprint AS fingerprint,
    any(agent) AS agent,
    any(label) AS call,
    any(error_type) AS error_type,
    uniqExact(my_trace) AS traces,
    lower(hex(any(trace_id))) AS example
FROM
(
    SELECT 'began' AS way, my_trace, trace_id, known.fingerprint AS other_fingerprint, agent, label, error_type
    FROM known
    INNER JOIN mine ON known.project = mine.project AND known.caller_trace_id = mine.my_trace
    WHERE has(my_hops, caller_span_id) AND outcome = 'root failed'
    UNION ALL
    SELECT 'went on' AS way, my_trace, trace_id, known.fingerprint AS other_fingerprint, agent, label, error_type
    FROM known
    INNER JOIN mine ON known.project = mine.project AND known.trace_id = mine.my_caller
    WHERE has(hops, my_caller_span) AND my_outcome = 'root failed'
)
GROUP BY way, other_fingerprint
ORDER BY traces DESC, way, other_fingerprint
LIMIT {rows_max:UInt32}
