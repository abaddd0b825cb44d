-- Pieces of long texts, each named by its day (YYYY-MM-DD), its hash in hexadecimal and its project.
WITH places AS (SELECT arrayJoin({places:Array(String)}) AS place)
SELECT concat(toString(received_day), lower(hex(hash)), project) AS place, any(text) AS piece
FROM contents
WHERE (received_day, project, hash) IN (
        SELECT toDate(substring(place, 1, 10)), substring(place, 43), toFixedString(unhex(substring(place, 11, 32)), 16)
        FROM places)
GROUP BY received_day, project, hash
