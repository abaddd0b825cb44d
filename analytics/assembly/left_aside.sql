-- Large traces that were put aside when the process stopped: something arrived in them after they
-- were last assembled. A turn comes within minutes, so some hours before the stop are looked at.
SELECT
    lower(hex(trace_id)) AS id,
    toUnixTimestamp64Nano(min(received)) AS received_ns,
    max(size) AS spans
FROM spans
INNER JOIN (
    SELECT trace_id, max(version) AS assembled_us, max(spans) AS size
    FROM traces
    GROUP BY trace_id
    HAVING size >= {spans_min:UInt32}
) AS large USING (trace_id)
INNER JOIN (
    SELECT segment, received_day, toUnixTimestamp64Micro(max(verified)) AS verified_us
    FROM verified_segments
    WHERE verified > fromUnixTimestamp64Micro({since_us:Int64}, 'UTC')
    GROUP BY segment, received_day
) AS recent USING (segment, received_day)
WHERE trace_id IN (SELECT trace_id FROM traces WHERE spans >= {spans_min:UInt32})
    AND (received_day, segment) IN (
        SELECT received_day, segment FROM verified_segments
        WHERE verified > fromUnixTimestamp64Micro({since_us:Int64}, 'UTC'))
    AND verified_us > assembled_us - {overlap_us:Int64}
GROUP BY trace_id
