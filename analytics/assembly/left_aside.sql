-- Large traces that were put aside when the process stopped: something arrived in them after they
-- were last assembled. A turn comes within minutes, so some hours before the stop are looked at.
WITH
    large AS (SELECT project, trace_id FROM traces WHERE spans >= {spans_min:UInt32}),
    recent AS (
        SELECT segment, received_day, toUnixTimestamp64Micro(max(verified)) AS verified_us
        FROM verified_segments
        WHERE verified > fromUnixTimestamp64Micro({since_us:Int64}, 'UTC')
        GROUP BY segment, received_day)
SELECT
    concat(lower(hex(trace_id)), project) AS id,
    toUnixTimestamp64Nano(min(received)) AS received_ns,
    max(size) AS spans
FROM
(
    SELECT project, trace_id, received, segment, received_day FROM spans
    WHERE (project, toStartOfHour(start), trace_id) IN (
            SELECT project, hour, trace_id FROM trace_hours WHERE (project, trace_id) IN large)
        AND (received_day, segment) IN (SELECT received_day, segment FROM recent)
    UNION ALL
    SELECT project, trace_id, received, segment, received_day FROM span_logs
    WHERE (project, trace_id) IN large AND (received_day, segment) IN (SELECT received_day, segment FROM recent)
) AS arrived
INNER JOIN (
    SELECT project, trace_id, max(version) AS assembled_us, max(spans) AS size
    FROM traces
    WHERE (project, trace_id) IN large
    GROUP BY project, trace_id
) AS last USING (project, trace_id)
INNER JOIN recent USING (segment, received_day)
WHERE verified_us > assembled_us - {overlap_us:Int64}
GROUP BY project, trace_id
