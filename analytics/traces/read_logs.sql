-- The log records of one span in the order of their times, a client's retries folded; the first ones where
-- there are many or large ones, and how many there are. Only days are looked at on which they can have been
-- received: the one before the span's trace began, as clocks differ, and those after.
SELECT
    time_ns,
    event,
    body,
    attributes,
    records
FROM
(
    SELECT
        toUnixTimestamp64Nano(time) AS time_ns,
        event,
        body,
        attributes,
        count() OVER () AS records,
        row_number() OVER in_order AS place,
        sum(length(body) + arraySum(arrayMap(value -> length(value), mapValues(attributes)))) OVER in_order AS bytes
    FROM
    (
        SELECT time, event, body, attributes, min(received) AS first_received
        FROM span_logs
        WHERE received_day >= (
                SELECT greatest(toDate(least(min(hour), now())), toDate('1970-01-02')) - 1 FROM trace_hours
                WHERE project = {project:String} AND trace_id = unhex({trace_id:String}))
            AND project = {project:String}
            AND trace_id = unhex({trace_id:String})
            AND span_id = unhex({span_id:String})
        GROUP BY time, event, body, attributes
    )
    WINDOW in_order AS (ORDER BY time, first_received, event, body ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
)
WHERE place = 1 OR (place <= {rows_max:UInt32} AND bytes <= {bytes_max:UInt64})
ORDER BY place
