-- Traces that were quiet for a while and are not complete: their spans name parents that are not there, or some were
-- reported open. Of each project those first that were heard of last. A row of `traces` is looked at where it stands: one that moved
-- to another hour is deleted where it stood, and one that has ended since has a newer row.
WITH candidates AS
    (
        SELECT DISTINCT project, toStartOfHour(start) AS hour, trace_id
        FROM traces
        WHERE (missing_parents > 0 OR open > 0)
            AND version BETWEEN {since_version:UInt64} AND {until_version:UInt64}
    )
SELECT
    project,
    lower(hex(trace_id)) AS trace_id_hex,
    version,
    environment,
    name,
    agents,
    services,
    start_ns,
    spans,
    open_spans,
    roots,
    missing_parents
FROM
(
    SELECT
        project,
        trace_id,
        version,
        is_deleted,
        environment,
        name,
        agents,
        services,
        toUnixTimestamp64Nano(start) AS start_ns,
        spans,
        open AS open_spans,
        roots,
        missing_parents,
        spans_left_out
    FROM traces
    WHERE (project, toStartOfHour(start), trace_id) IN candidates
    ORDER BY version DESC, is_deleted DESC
    LIMIT 1 BY project, toStartOfHour(start), trace_id
)
WHERE NOT is_deleted AND (missing_parents > 0 OR open_spans > 0) AND version <= {until_version:UInt64}
    -- of one that is read in part the parents may be in the rest
    AND spans_left_out = 0
-- each project in its turn: one that has too many takes no room of the others
ORDER BY row_number() OVER (PARTITION BY project ORDER BY version DESC, trace_id), project
LIMIT {rows_max:UInt32}
