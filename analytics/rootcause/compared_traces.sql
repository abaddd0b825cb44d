-- The traces of one root that are compared: of each side the latest, with a bounded number of spans in all. A trace that
-- has more than these alone is left out first: it would take the place of all older ones.
SELECT lower(hex(trace_id)) AS trace_id, version, toBool(failed) AS failed, spans, user
FROM
(
    SELECT *, sum(spans) OVER (PARTITION BY project, failed ORDER BY start DESC, trace_id) AS spans_so_far
    FROM labelled
    WHERE project = {project:String} AND is_compared AND spans <= {spans_max:UInt64}
)
WHERE spans_so_far <= {spans_max:UInt64}
ORDER BY start DESC, trace_id
LIMIT {traces_max:UInt32} BY project, failed
