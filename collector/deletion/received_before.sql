-- What was received before a day, by day and project: key columns alone are read, of those days alone.
SELECT toString(received_day) AS day, project, sum(rows) AS rows
FROM
(
    SELECT received_day, project, count() AS rows FROM spans
    WHERE received_day < {before:Date} GROUP BY received_day, project
    UNION ALL
    SELECT received_day, project, count() AS rows FROM span_logs
    WHERE received_day < {before:Date} GROUP BY received_day, project
    UNION ALL
    SELECT received_day, project, count() AS rows FROM contents
    WHERE received_day < {before:Date} GROUP BY received_day, project
)
GROUP BY received_day, project
