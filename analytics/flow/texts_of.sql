-- What the spans of a trace put in and out, by the report that counts of each: as it is, or as the pieces in which it is
-- stored, the newest of the input and the first of the output.
WITH
    (key -> arrayFirst(one -> one.key = key, content_references)) AS apart,
    (hashes -> arrayMap(hash -> lower(hex(hash)), hashes)) AS written
SELECT
    lower(hex(span_id)) AS id,
    toString(received_day) AS day,
    right(if(input != '', input, attributes[input_key]), {characters_max:UInt32}) AS taken,
    left(if(output != '', output, attributes[output_key]), {characters_max:UInt32}) AS given,
    written(arraySlice(apart(input_key).pieces, -toInt64({pieces_max:UInt32}))) AS taken_pieces,
    written(arraySlice(apart(output_key).pieces, 1, {pieces_max:UInt32})) AS given_pieces
FROM spans
WHERE (project, toStartOfHour(start), trace_id) IN (
        SELECT project, hour, trace_id FROM trace_hours
        WHERE project = {project:String} AND trace_id = unhex({trace_id:String}))
    AND (input_key != '' OR output_key != '' OR input != '' OR output != '')
ORDER BY open, end DESC, received DESC, progress DESC
LIMIT 1 BY project, span_id
LIMIT {spans_max:UInt32}
