-- What some spans put out (trace and span in hexadecimal, and the project), by the attributes in which it may say what
-- tools it asks for. Long texts are named by the pieces in which they are stored.
WITH
    places AS (SELECT arrayJoin({places:Array(String)}) AS place),
    (key -> key IN ('gen_ai.output.messages', 'ai.response.toolCalls') OR position(key, 'tool_call') > 0) AS is_told
SELECT
    project,
    lower(hex(trace_id)) AS trace_id_hex,
    lower(hex(span_id)) AS span_id_hex,
    toString(received_day) AS day,
    output,
    output_key,
    mapFilter(
        (key, text) -> key = output_key
            OR (is_told(key) AND NOT startsWith(key, 'llm.input_messages.') AND NOT startsWith(key, 'gen_ai.prompt.')),
        attributes) AS told,
    arrayFilter(one -> one.key = output_key OR is_told(one.key), content_references) AS apart,
    apart.key AS apart_keys,
    apart.joint AS apart_joints,
    apart.ending AS apart_endings,
    arrayMap(hashes -> arrayMap(hash -> lower(hex(hash)), hashes), apart.pieces) AS apart_pieces
FROM spans
WHERE (project, toStartOfHour(start), trace_id) IN (
        SELECT project, hour, trace_id FROM trace_hours
        WHERE (trace_id, project) IN (
            SELECT toFixedString(unhex(substring(place, 1, 32)), 16), substring(place, 49) FROM places))
    AND (project, trace_id, span_id) IN (
        SELECT
            substring(place, 49),
            toFixedString(unhex(substring(place, 1, 32)), 16),
            toFixedString(unhex(substring(place, 33, 16)), 8)
        FROM places)
ORDER BY open, end DESC, received DESC
LIMIT 1 BY project, trace_id, span_id
