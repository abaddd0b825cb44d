-- The log records of one span in the order of their times, a client's retries folded; the first ones where
-- there are many. They may come before their span, so days are looked at from the one before it began on.
SELECT
    toUnixTimestamp64Nano(time) AS time_ns,
    event,
    body,
    attributes,
    min(received) AS first_received
FROM span_logs
WHERE received_day >= (
        SELECT greatest(toDate(least(min(hour), now())), toDate('1970-01-02')) - 1 FROM trace_hours
        WHERE project = {project:String} AND trace_id = unhex({trace_id:String}))
    AND project = {project:String}
    AND trace_id = unhex({trace_id:String})
    AND span_id = unhex({span_id:String})
GROUP BY time, event, body, attributes
ORDER BY time, first_received, event
LIMIT {rows_max:UInt32}
