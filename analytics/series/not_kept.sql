-- Of how many hours there are pieces, and no counts of this version.
SELECT uniqExact(project, hour) AS hours
FROM drift_pieces
WHERE n > 0
    AND toUInt64(toUnixTimestamp(hour)) * 1000000
        >= transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})
    AND (project, hour) NOT IN (
        SELECT project, hour FROM drift_counts
        WHERE hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC') AND version = {version:UInt64})
