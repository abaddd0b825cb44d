-- How many series each of some pools has, and since when it counts; 0 where it is not known yet.
SELECT toString(place) AS number, sum(is_member) AS members, max(begun_s) AS from_s
FROM
(
    SELECT project, pool AS place, 1 AS is_member, 0::Int64 AS begun_s
    FROM drift_references FINAL
    WHERE project = {project:String} AND pool IN {pools:Array(UInt64)}
    UNION ALL
    SELECT project, series AS place, 0 AS is_member, toInt64(toUnixTimestamp(learned_from)) AS begun_s
    FROM drift_references FINAL
    WHERE project = {project:String} AND series IN {pools:Array(UInt64)}
)
GROUP BY project, place
LIMIT {rows_max:UInt32}
