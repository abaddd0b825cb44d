-- With what models were asked: attributes that tell of prompts and tools, and the input, by the report that counts of each
-- call, as they are or in pieces that are stored apart. A place is a trace and a span in hexadecimal digits, and the project.
WITH
    wanted AS
    (
        SELECT
            substring(place, 49) AS project,
            toFixedString(unhex(substring(place, 1, 32)), 16) AS trace_id,
            toFixedString(unhex(substring(place, 33, 16)), 8) AS span_id
        FROM (SELECT arrayJoin({places:Array(String)}) AS place)
    )
SELECT
    concat(lower(hex(trace_id)), lower(hex(span_id)), project) AS place,
    toString(received_day) AS day,
    input_key,
    left(input, {characters_max:UInt32}) AS input_text,
    arrayMap(
        key -> (key, left(attributes[key], {characters_max:UInt32})),
        arraySlice(arrayFilter(key -> key = input_key OR match(key, {keys:String}), mapKeys(attributes)), 1, {keys_max:UInt32})) AS said,
    arrayMap(
        one -> (one.key, one.joint, one.ending, arrayMap(hash -> lower(hex(hash)), arraySlice(one.pieces, 1, {pieces_max:UInt32}))),
        arraySlice(
            arrayFilter(one -> one.key = input_key OR match(one.key, {keys:String}), content_references), 1, {keys_max:UInt32})) AS said_apart
FROM spans
WHERE (project, toStartOfHour(start), trace_id) IN (
        SELECT project, hour, trace_id FROM trace_hours
        WHERE (trace_id, project) IN (SELECT trace_id, project FROM wanted))
    AND (project, trace_id, span_id) IN (SELECT project, trace_id, span_id FROM wanted)
    AND NOT open
ORDER BY end DESC, received DESC
LIMIT 1 BY project, trace_id, span_id
