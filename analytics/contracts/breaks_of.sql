-- How a boundary's contract was broken in [from, until): by path and cause, the most frequent first.
SELECT
    one.path AS path,
    one.cause AS cause,
    source,
    count() AS broken,
    argMax(one.expected, version) AS expected,
    argMax(one.got_type, version) AS got_type,
    argMax(one.got, version) AS got,
    toUnixTimestamp64Nano(min(start)) AS first_ns,
    toUnixTimestamp64Nano(max(start)) AS last_ns,
    arrayMap(each -> (each.2, each.3), arrayReverseSort(
        groupArraySorted({examples_max:UInt32})((-toUnixTimestamp64Nano(start), lower(hex(trace_id)), lower(hex(span_id)))))) AS examples
FROM contract_calls FINAL
ARRAY JOIN violations AS one
WHERE project = {project:String}
    AND version >= {from_us:UInt64}
    AND version < {until_us:UInt64}
    AND ({environment:String} = '' OR environment = {environment:String})
    AND boundary = {boundary:String}
    AND outcome = 'broken'
GROUP BY path, cause, source
ORDER BY broken DESC, path, cause
LIMIT {rows_max:UInt32}
