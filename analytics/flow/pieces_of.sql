-- Pieces of long texts by their day (YYYY-MM-DD) and hash, as much of each as is looked at.
WITH places AS (SELECT arrayJoin({places:Array(String)}) AS place)
SELECT concat(toString(received_day), lower(hex(hash))) AS place, any(left(text, {characters_max:UInt32})) AS piece
FROM contents
WHERE (received_day, project, hash) IN (
        SELECT toDate(substring(place, 1, 10)), {project:String}, toFixedString(unhex(substring(place, 11)), 16)
        FROM places)
GROUP BY received_day, project, hash
