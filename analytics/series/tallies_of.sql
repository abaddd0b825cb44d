-- How much came of series on their last days, and as what they are watched together, 0 where they are not.
SELECT
    toString(series) AS number,
    pool,
    toInt64(toUnixTimestamp(tallied_until)) AS tallied_until_s,
    day_calls,
    day_traces
FROM drift_references FINAL
WHERE project = {project:String} AND series IN {series:Array(UInt64)}
LIMIT {rows_max:UInt32}
