-- Spans whose parents have not arrived, by service, kind and name, and how many of the same have theirs: in the newest
-- traces that were quiet for long enough, of all projects, and of each that has few. A trace is written whole, so its
-- spans have its version. Left aside are the traces (id in hexadecimal and project) that are not thought to have ended.
WITH
    (
        SELECT max(version) FROM
        (
            SELECT version FROM traces
            WHERE version BETWEEN {since_version:UInt64} AND {until_version:UInt64}
            ORDER BY version DESC
            LIMIT 1 OFFSET {traces_max:UInt64}
        )
    ) AS oldest,
    -- those that have fewest: what others send takes no room of theirs, and they are read by their place in the table
    small AS
    (
        SELECT project
        FROM
        (
            SELECT project, sum(count()) OVER (ORDER BY count(), project ROWS UNBOUNDED PRECEDING) AS traces
            FROM traces
            WHERE version BETWEEN {since_version:UInt64} AND {until_version:UInt64}
            GROUP BY project
        )
        WHERE traces <= {small_traces_max:UInt64}
    ),
    newest AS
    (
        SELECT project, trace_id, max(version) AS newest_version
        FROM traces
        WHERE version > greatest(oldest, {since_version:UInt64}) AND NOT is_deleted AND project NOT IN small
        GROUP BY project, trace_id
        HAVING max(spans_left_out) = 0
            AND concat(lower(hex(trace_id)), project) NOT IN {unended:Array(String)}
        UNION ALL
        SELECT project, trace_id, max(version) AS newest_version
        FROM traces
        WHERE version > {since_version:UInt64} AND NOT is_deleted AND project IN small
        GROUP BY project, trace_id
        HAVING max(spans_left_out) = 0
            AND concat(lower(hex(trace_id)), project) NOT IN {unended:Array(String)}
        ORDER BY newest_version DESC
        LIMIT {traces_max:UInt64} BY project
    ),
    recent AS
    (
        SELECT project, trace_id, span_id, parent_span_id, service, service_instance, kind, name, version, depth
        FROM steps
        WHERE version > greatest(oldest, {since_version:UInt64}) AND project NOT IN small
        UNION ALL
        SELECT project, trace_id, span_id, parent_span_id, service, service_instance, kind, name, version, depth
        FROM steps
        WHERE version > {since_version:UInt64} AND project IN small
    ),
    settled AS
    (
        SELECT
            *,
            depth = 0 AND parent_span_id NOT IN (toFixedString('', 8), span_id) AS is_orphan
        FROM recent
        WHERE version <= {until_version:UInt64} AND (project, trace_id, version) IN newest
    ),
    elsewhere AS
    (
        SELECT DISTINCT project, span_id
        FROM settled
        WHERE (project, span_id) IN (SELECT project, parent_span_id FROM settled WHERE is_orphan)
    ),
    silenced AS
    (
        SELECT project, service, service_instance, max(version) AS heard
        FROM recent
        WHERE service_instance != ''
        GROUP BY project, service, service_instance
        HAVING heard <= {until_version:UInt64}
    ),
    -- processes that were cut off: most of the traces that were their last, some seconds more or less, miss something
    died AS
    (
        SELECT project, service, service_instance, any(heard) - 10000000 AS last_from
        FROM settled
        INNER JOIN silenced USING (project, service, service_instance)
        WHERE version + 10000000 >= heard
        GROUP BY project, service, service_instance
        HAVING 2 * uniqIf(trace_id, is_orphan) > uniq(trace_id)
    ),
    found AS
    (
        SELECT
            settled.*,
            (project, parent_span_id) IN elsewhere AS is_elsewhere,
            is_orphan AND last_from > 0 AND version >= last_from AS is_last
        FROM settled
        LEFT JOIN died USING (project, service, service_instance)
    )
SELECT
    project,
    service,
    kind,
    name,
    countIf(parent_span_id != toFixedString('', 8)) AS children,
    countIf(is_orphan) AS orphans,
    uniqIf(trace_id, parent_span_id != toFixedString('', 8)) AS traces,
    uniqIf(trace_id, is_orphan) AS traces_with_orphans,
    uniqIf((trace_id, parent_span_id), is_orphan) AS missing_parents,
    countIf(is_orphan AND is_elsewhere) AS elsewhere_orphans,
    countIf(is_last AND NOT is_elsewhere) AS last_orphans,
    groupUniqArrayIf(5)(lower(hex(trace_id)), is_orphan) AS trace_ids,
    groupUniqArrayIf(5)(lower(hex(span_id)), is_orphan) AS span_ids,
    groupUniqArrayIf(5)(service_instance, is_last) AS last_instances,
    minIf(version, is_orphan) * 1000 AS since_ns
FROM found
GROUP BY project, service, kind, name
HAVING orphans > 0
ORDER BY row_number() OVER (PARTITION BY project ORDER BY orphans DESC, service, kind, name), project
LIMIT {rows_max:UInt32}
