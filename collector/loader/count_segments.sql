-- Rows of each segment. The engine's OK is not to be trusted (docs/decisions/0003): count.
SELECT segment, count() AS rows
FROM {table:Identifier}
WHERE received_day = {day:Date} AND segment IN {segments:Array(String)}
GROUP BY segment
SETTINGS optimize_use_projections = 0, optimize_trivial_count_query = 0
