-- Those of some segments whose spans name a piece that is not stored.
WITH named AS
(
    SELECT DISTINCT segment, project, arrayJoin(arrayFlatten(content_references.pieces)) AS hash
    FROM spans
    WHERE received_day = {day:Date} AND segment IN {segments:Array(String)}
)
SELECT DISTINCT segment
FROM named
WHERE (project, hash) NOT IN (
    SELECT project, hash FROM contents
    WHERE received_day = {day:Date} AND (project, hash) IN (SELECT project, hash FROM named))
