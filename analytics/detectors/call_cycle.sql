-- Who calls whom, and in which circles within one trace: a row for each edge and one for each set of edges that
-- lie on circles of a trace (`walked`). A hand-off back to whom it came from is a return and no edge.
-- `overlapping`: calls of the callee that began while another call of its instance went on.
-- `rounds`: how often such a trace went all the way round, that is its rarest edge; `traces_of` counts them.
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
    toUnixTimestamp64Nano(max(last)) AS last_ns,
    arrayMap(example -> lower(hex(example.3)), groupArraySorted(5)((-toInt8(limited), -toInt64(times), trace_id))) AS trace_ids
FROM
(
    SELECT
        project,
        trace_id,
        one_in,
        limited,
        arrayJoin(arrayConcat(
            arrayMap(edge -> (false, [(edge.1, edge.2)], edge.3, edge.4, edge.5, edge.6, edge.7, edge.3 + edge.4), outgoing),
            if(empty(circle), [], [(
                true,
                arraySort(arrayMap(edge -> (edge.1, edge.2), circle)),
                arraySum(arrayMap(edge -> edge.3, circle)),
                arraySum(arrayMap(edge -> edge.4, circle)),
                arraySum(arrayMap(edge -> edge.5, circle)),
                arrayMin(arrayMap(edge -> edge.6, circle)),
                arrayMax(arrayMap(edge -> edge.7, circle)),
                arrayMin(arrayMap(edge -> edge.3 + edge.4, circle)))]))) AS item,
        item.1 AS walked,
        item.2 AS edges,
        item.3 AS n_calls,
        item.4 AS n_handoffs,
        item.5 AS n_overlapping,
        item.6 AS first,
        item.7 AS last,
        item.8 AS times
    FROM
    (
        SELECT
            project,
            trace_id,
            any(one_in) AS one_in,
            max(limited) AS limited,
            groupArray(1000)((caller, callee, calls, handoffs, overlapping, first, last)) AS all_edges,
            arrayFilter(edge -> edge.3 > 0 OR NOT arrayExists(
                before -> before.1 = edge.2 AND before.2 = edge.1 AND before.6 <= edge.6, all_edges), all_edges) AS outgoing,
            -- what leads into a circle, or out of one, falls away from its loose end
            arrayFold(
                (left, turn) -> arrayFilter(
                    edge -> has(left.2, edge.1) AND has(left.1, edge.2),
                    left),
                range(8), arrayFilter(edge -> edge.1 != '', outgoing)) AS circle
        FROM
        (
            SELECT
                project,
                trace_id,
                caller,
                callee,
                any(one_in) AS one_in,
                max(limited) AS limited,
                countIf(how = 'call') AS calls,
                countIf(how = 'handoff') AS handoffs,
                countIf(how = 'call' AND start < busy_until) AS overlapping,
                min(start) AS first,
                max(start) AS last
            FROM
            (
                SELECT
                    project, trace_id, one_in, limited, caller, callee, how, start,
                    max(if(how = 'call', end, start)) OVER (
                        PARTITION BY project, callee, instance ORDER BY start
                        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy_until
                FROM calls
            )
            GROUP BY project, trace_id, caller, callee
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
    max_block_size = 8192,
    max_bytes_before_external_group_by = 300000000,
    max_bytes_before_external_sort = 300000000
