-- Ended traces and whether each is failing, by what is asked. The statements that read it know it as `labelled`.
SELECT
    project,
    trace_id,
    version,
    root,
    start,
    took_s,
    spans,
    user,
    multiIf(
        {failing:String} = 'later', is_within,
        {failing:String} = 'slow', took_s > if(
            countIf(NOT is_within) OVER of_root >= {usual_min:UInt32},
            quantileIf({usual:Float64})(took_s, NOT is_within) OVER of_root,
            quantileIf({usual:Float64})(took_s, is_within) OVER of_root),
        is_error) AS failed,
    is_within OR {failing:String} = 'later' AS is_compared
FROM
(
    SELECT
        project,
        trace_id,
        version,
        name AS root,
        start,
        (toUnixTimestamp64Nano(end) - toUnixTimestamp64Nano(start)) / 1e9 AS took_s,
        spans,
        user,
        status = 'error' AS is_error,
        start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
            AND start < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC') AS is_within
    FROM traces FINAL
    WHERE project = {project:String}
        AND open = 0
        AND ({root:String} = '' OR name = {root:String})
        AND ({environment:String} = '' OR environment = {environment:String})
        AND (
            (start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
                AND start < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC'))
            OR ({failing:String} != 'error'
                AND start >= fromUnixTimestamp64Nano({earlier_from_ns:Int64}, 'UTC')
                AND start < fromUnixTimestamp64Nano({earlier_until_ns:Int64}, 'UTC')))
)
WINDOW of_root AS (PARTITION BY project, root)
