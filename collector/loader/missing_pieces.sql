-- A piece that spans of some segments name and that is not stored, if there is one.
WITH named AS
(
    SELECT DISTINCT project, arrayJoin(arrayFlatten(content_references.pieces)) AS hash
    FROM spans
    WHERE received_day = {day:Date} AND segment IN {segments:Array(String)}
)
SELECT lower(hex(hash)) AS missing
FROM named
WHERE (project, hash) NOT IN (
    SELECT project, hash FROM contents
    WHERE received_day = {day:Date} AND (project, hash) IN (SELECT project, hash FROM named))
LIMIT 1
