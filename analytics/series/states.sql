-- The latest states of series, by known change, in [from, until).
SELECT project, series, change, base64Encode(argMax(state, hour)) AS state
FROM drift_looks FINAL
WHERE hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
GROUP BY project, series, change
