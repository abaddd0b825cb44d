-- What went into calls and came out, by the report that counts of each: as it is, or in pieces that are stored apart. A
-- place is a trace and a span in hexadecimal digits, and the project. Nothing is read whole that is longer than is judged.
WITH
    wanted AS
    (
        SELECT
            substring(place, 49) AS project,
            toFixedString(unhex(substring(place, 1, 32)), 16) AS trace_id,
            toFixedString(unhex(substring(place, 33, 16)), 8) AS span_id
        FROM (SELECT arrayJoin({places:Array(String)}) AS place)
    ),
    (key -> arrayFirst(one -> one.key = key, content_references)) AS apart,
    (hashes -> arrayMap(hash -> lower(hex(hash)), arraySlice(hashes, 1, {pieces_max:UInt32}))) AS written
SELECT
    concat(lower(hex(trace_id)), lower(hex(span_id)), project) AS place,
    toString(received_day) AS day,
    {inputs:Bool} AND (input_key != '' OR input != '') AS has_input,
    if(has_input, left(if(input != '', input, attributes[input_key]), {characters_max:UInt32}), '') AS input_text,
    apart(input_key).joint AS input_joint,
    apart(input_key).ending AS input_ending,
    if(has_input, written(apart(input_key).pieces), []) AS input_pieces,
    output_key != '' OR output != '' AS has_output,
    left(if(output != '', output, attributes[output_key]), {characters_max:UInt32}) AS output_text,
    apart(output_key).joint AS output_joint,
    apart(output_key).ending AS output_ending,
    written(apart(output_key).pieces) AS output_pieces
FROM spans
WHERE (project, toStartOfHour(start), trace_id) IN (
        SELECT project, hour, trace_id FROM trace_hours
        WHERE (trace_id, project) IN (SELECT trace_id, project FROM wanted))
    AND (project, trace_id, span_id) IN (SELECT project, trace_id, span_id FROM wanted)
    AND NOT open
ORDER BY end DESC, received DESC
LIMIT 1 BY project, trace_id, span_id
