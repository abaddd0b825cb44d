-- What some series of a project are compared with.
SELECT toString(series) AS number, metric, base64Encode(reference) AS kept
FROM drift_references FINAL
WHERE project = {project:String} AND series IN {series:Array(UInt64)} AND learned_until > 0
LIMIT {rows_max:UInt32}
