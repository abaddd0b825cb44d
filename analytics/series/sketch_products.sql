-- Sums of products of the sketches of some series in [from, until), without the hours of [begin, end): the upper triangle.
SELECT
    sipHash64(environment, agent, operation, subject, {content:String}) AS series,
    sumForEach(products) AS products
FROM drift_sketches
WHERE project = {project:String}
    AND series IN {series:Array(UInt64)}
    AND hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
    AND (hour, version) IN (
        SELECT hour, max(version) FROM drift_sketches
        WHERE project = {project:String}
            AND hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
        GROUP BY project, hour)
    AND basis = {basis:UInt16}
    AND length(sums) = {size:UInt16}
    AND NOT arrayExists(
        (begin, end) -> toUnixTimestamp(hour) >= begin AND toUnixTimestamp(hour) < end,
        {begins:Array(Int64)}, {ends:Array(Int64)})
GROUP BY project, series
