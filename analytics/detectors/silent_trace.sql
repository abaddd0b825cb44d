-- How some traces stand now (ids in hexadecimal, each with its project), and of the service that was heard last in each
-- how many traces have lately come to their end.
WITH
    places AS (SELECT arrayJoin({places:Array(String)}) AS place),
    standing AS
    (
        SELECT
            project,
            lower(hex(trace_id)) AS trace_id_hex,
            max(version) AS newest,
            argMax(open, version) AS open_spans,
            argMax(roots, version) AS roots_now,
            argMax(missing_parents, version) AS missing_now
        FROM traces
        WHERE (project, toStartOfHour(start), trace_id) IN (
                SELECT project, hour, trace_id FROM trace_hours
                WHERE (trace_id, project) IN (
                    SELECT toFixedString(unhex(substring(place, 1, 32)), 16), substring(place, 33) FROM places))
            AND NOT is_deleted
        GROUP BY project, trace_id
    ),
    finished AS
    (
        SELECT project, arrayJoin(services) AS service, uniqCombined(trace_id) AS traces
        FROM traces
        WHERE version >= {finished_since:UInt64} AND roots > 0 AND missing_parents = 0 AND open = 0
            AND project IN (SELECT substring(place, 33) FROM places)
        GROUP BY project, service
    )
SELECT
    standing.project AS project,
    trace_id_hex AS trace_id,
    newest * 1000 AS heard_ns,
    open_spans,
    roots_now AS roots,
    missing_now AS missing_parents,
    finished_of.names AS services,
    finished_of.counts AS services_finished
FROM standing
LEFT JOIN (SELECT project, groupArray(service) AS names, groupArray(traces) AS counts FROM finished GROUP BY project)
    AS finished_of ON finished_of.project = standing.project
LIMIT {rows_max:UInt32}
