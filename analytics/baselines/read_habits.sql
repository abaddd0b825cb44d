-- What is usual, of the hours since a time: of each hour its newest count alone. The commonest names come first.
SELECT project, measure, name, groupArray(value) AS habit_values, groupArray(traces) AS counts
FROM
(
    SELECT project, measure, name, value, sum(n) AS traces
    FROM habits
    WHERE hour >= toDateTime({from_s:Int64}, 'UTC')
        AND (project, hour, version) IN (
            SELECT project, hour, max(version) FROM habits
            WHERE hour >= toDateTime({from_s:Int64}, 'UTC') GROUP BY project, hour)
    GROUP BY project, measure, name, value
    ORDER BY value
)
GROUP BY project, measure, name
HAVING sum(traces) >= {traces_min:UInt64}
ORDER BY sum(traces) DESC
LIMIT {names_max:UInt32}
