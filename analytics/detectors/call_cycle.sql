-- Who calls whom, and in which circles within one trace: a row for each edge and one for each set of edges that
-- lie on circles of a trace (`walked`). A hand-off back to whom it came from is a return and no edge.
-- `overlapping`: calls of the callee that began while another call of its instance went on.
-- `rounds`: how often such a trace went all the way round, that is its rarest edge; `traces_of` counts them.
-- Of a trace 100 edges are read. Names are compared by their hashes: what a function of an array looks into is
-- copied for each of its elements.
SELECT
    project,
    walked,
    edges,
    any(one_in) AS one_in,
    count() AS traces,
    sum(n_calls) AS calls,
    sum(n_handoffs) AS handoffs,
    sum(n_overlapping) AS overlapping,
    countIf(limited AND times > 1) AS limited_traces,
    sumMap([toUInt64(times)], [toUInt64(1)]) AS traces_by_rounds,
    traces_by_rounds.1 AS rounds,
    traces_by_rounds.2 AS traces_of,
    toUnixTimestamp64Nano(min(first)) AS first_ns,
    arrayMap(
        example -> lower(hex(example.3)),
        groupArraySorted(5)((-toInt8(limited), -toInt64(times), trace_id))) AS trace_ids
FROM
(
    SELECT
        project,
        trace_id,
        one_in,
        limited,
        arrayJoin(arrayConcat(
            arrayMap(edge -> (false, [(edge.1, edge.2)], edge.3, edge.4, edge.5, edge.6, edge.3 + edge.4), all_edges),
            if(empty(circle), [], [(
                true,
                arraySort(arrayMap(edge -> (edge.1, edge.2), circle)),
                arraySum(arrayMap(edge -> edge.3, circle)),
                arraySum(arrayMap(edge -> edge.4, circle)),
                arraySum(arrayMap(edge -> edge.5, circle)),
                arrayMin(arrayMap(edge -> edge.6, circle)),
                arrayMin(arrayMap(edge -> edge.3 + edge.4, circle)))]))) AS item,
        item.1 AS walked,
        item.2 AS edges,
        item.3 AS n_calls,
        item.4 AS n_handoffs,
        item.5 AS n_overlapping,
        item.6 AS first,
        item.7 AS times
    FROM
    (
        SELECT
            project,
            trace_id,
            any(one_in) AS one_in,
            max(limited) AS limited,
            groupArrayArray(100)(edges_of_pair) AS all_edges,
            -- what leads into a circle, or out of one, falls away from its loose end
            arrayFold(
                (left, turn) -> arrayMap(
                    inner -> arrayFilter(edge -> has(inner, edge.7) AND has(inner, edge.8), left),
                    [arrayIntersect(left.7, left.8)])[1],
                range(8),
                arrayFilter(edge -> edge.1 != '', all_edges)) AS circle
        FROM
        (
            SELECT
                project,
                trace_id,
                any(one_in) AS one_in,
                max(limited) AS limited,
                least(caller, callee) AS one,
                greatest(caller, callee) AS other,
                countIf(caller = one AND how = 'call') AS calls_there,
                countIf(caller = other AND how = 'call') AS calls_back,
                minIf(start, caller = one) AS first_there,
                minIf(start, caller = other) AS first_back,
                countIf(caller = one AND how = 'handoff') AS all_handoffs_there,
                countIf(caller = other AND how = 'handoff') AS all_handoffs_back,
                -- a return is a hand-off to whom there was something from before, and never a call
                calls_there = 0 AND calls_back + all_handoffs_back > 0 AND first_back <= first_there AS returns_there,
                calls_back = 0 AND calls_there + all_handoffs_there > 0 AND first_there < first_back AS returns_back,
                if(returns_there, 0, all_handoffs_there) AS handoffs_there,
                if(returns_back, 0, all_handoffs_back) AS handoffs_back,
                arrayFilter(edge -> edge.3 + edge.4 > 0, [
                    (
                        one, other, calls_there, handoffs_there,
                        countIf(caller = one AND how = 'call' AND start < busy_until), first_there,
                        cityHash64(one), cityHash64(other)
                    ),
                    (
                        other, one, calls_back, handoffs_back,
                        countIf(caller = other AND how = 'call' AND start < busy_until), first_back,
                        cityHash64(other), cityHash64(one)
                    )
                ]) AS edges_of_pair
            FROM
            (
                SELECT
                    project, trace_id, one_in, limited, caller, callee, how, start,
                    max(if(how = 'call', end, start)) OVER (
                        PARTITION BY project, callee, instance ORDER BY start
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until
                FROM calls
            )
            GROUP BY project, trace_id, one, other
        )
        GROUP BY project, trace_id
    )
)
GROUP BY project, walked, edges
HAVING walked OR (traces >= {traces_min:UInt32} AND calls + handoffs >= {calls_min:UInt32})
ORDER BY walked DESC, traces DESC, project, edges
LIMIT {project_rows_max:UInt32} BY project
LIMIT {rows_max:UInt32}
SETTINGS
    optimize_aggregation_in_order = 1,
    aggregation_in_order_max_block_bytes = 2000000,
    max_block_size = 2048,
    max_bytes_before_external_group_by = 300000000,
    max_bytes_before_external_sort = 300000000
