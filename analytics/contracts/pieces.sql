-- Pieces of long texts; a place is a day (YYYY-MM-DD), a hash in 32 hexadecimal digits, and the project.
WITH places AS (SELECT arrayJoin({places:Array(String)}) AS place)
SELECT
    concat(toString(received_day), lower(hex(hash)), project) AS place,
    any(left(text, {characters_max:UInt32})) AS piece
FROM contents
WHERE (received_day, project, hash) IN (
        SELECT toDate(substring(place, 1, 10)), substring(place, 43), toFixedString(unhex(substring(place, 11, 32)), 16)
        FROM places)
GROUP BY received_day, project, hash
