-- How many reports of spans some traces have.
SELECT lower(hex(trace_id)) AS id, count() AS rows
FROM spans
WHERE trace_id IN (SELECT toFixedString(unhex(arrayJoin({turn:Array(String)})), 16))
GROUP BY trace_id
