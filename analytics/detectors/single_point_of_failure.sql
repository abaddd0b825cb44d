-- Of each kind of trace, by its root's name: what the traces that succeed go through (agents but the root's own,
-- tools, models, providers), and what became of the trace where such a node failed. It failed if a step of it did
-- and none below that: what only passes an error on has not failed by itself.
-- `failures_elsewhere`: after the failure another of the same role was at work for the first time in the trace.
-- One trace after the other, in the order of the key: the memory is that of some traces. Of what a trace goes
-- through 50 of each role are read, of its errors 50, of its steps 1,000, and these only where there are errors.
-- One trace in `one_in` is read, so that their steps are `steps_max` or fewer.
WITH
    fromUnixTimestamp64Nano({since_ns:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC') AS until,
    (
        SELECT intDiv(count(), {steps_max:UInt64}) + 1
        FROM steps
        WHERE _partition_value.1 + 8 > since AND start >= since AND start < until
    ) AS one_in,
    -- older versions count too: it is only where steps are read
    in_error AS
    (
        SELECT project, trace_id
        FROM steps
        WHERE _partition_value.1 + 8 > since AND status = 'error' AND start >= since AND start < until AND sipHash64(trace_id) % one_in = 0
        LIMIT 1 BY project, trace_id
        LIMIT 1000000
    ),
    by_trace AS
    (
        SELECT
            project,
            trace_id,
            argMinIf((name, status, state, agent), (depth, start), depth = 0) AS root_step,
            min(start) AS began,
            groupUniqArrayIf(50)(agent, agent != '') AS agents,
            groupUniqArrayIf(50)(tool, tool != '') AS tools,
            groupUniqArrayIf(50)(model, model != '') AS models,
            groupUniqArrayIf(50)(provider, provider != '') AS providers,
            groupArrayIf(50)(
                (span_id, agent, tool, model, provider, end), status = 'error' AND depth > 0) AS errors,
            groupArrayIf(50)(parent_span_id, status = 'error' AND depth > 0) AS above_errors,
            groupArrayIf(1000)(
                (start, agent, tool, model), (project, trace_id) IN in_error) AS parts
        FROM steps FINAL
        -- as in analytics/agents/calls.sql
        WHERE _partition_value.1 + 8 > since
            AND start >= since AND start < until AND sipHash64(trace_id) % one_in = 0
        GROUP BY project, trace_id
        HAVING root_step.3 = 'ended'
    ),
    nodes_of AS
    (
        SELECT
            project,
            trace_id,
            root_step.1 AS root,
            root_step.2 != 'error' AS ok,
            began,
            arrayConcat(
                arrayMap(name -> ('agent', name), arrayFilter(name -> name != root_step.4, agents)),
                arrayMap(name -> ('tool', name), tools),
                arrayMap(name -> ('model', name), models),
                arrayMap(name -> ('provider', name), providers)) AS nodes,
            arrayFilter(error -> NOT has(above_errors, error.1), errors) AS deepest,
            arrayConcat(
                arrayMap(error -> multiIf(
                    error.3 != '', ('tool', error.3), error.4 != '', ('model', error.4), ('agent', error.2)), deepest),
                arrayMap(error -> ('provider', if(error.3 = '', error.5, '')), deepest)) AS failed_nodes,
            arrayMap(error -> error.1, arrayConcat(deepest, deepest)) AS failed_spans,
            arrayMin(arrayMap(error -> error.6, deepest)) AS failed_at,
            arrayPushFront(arrayFilter(part -> part.1 < failed_at, parts), (began, '', '', '')) AS before,
            arrayFilter(part -> part.1 >= failed_at, parts) AS after,
            -- what is after the failure, and was not before it
            [
                ('agent', length(arrayDistinct(after.2)) > length(arrayIntersect(after.2, before.2))),
                ('tool', length(arrayDistinct(after.3)) > length(arrayIntersect(after.3, before.3))),
                ('model', length(arrayDistinct(after.4)) > length(arrayIntersect(after.4, before.4))),
                -- another model of the same provider is an alternative as well
                ('provider', length(arrayDistinct(after.4)) > length(arrayIntersect(after.4, before.4)))
            ] AS elsewhere
        FROM by_trace
    )
SELECT
    project,
    root,
    node.1 AS role,
    node.2 AS name,
    one_in,
    any(traces_of_root) AS traces,
    any(passed_of_root) AS passed,
    countIf(ok) AS passed_through,
    countIf(has(failed_nodes, node) AS failed) AS failures,
    countIf(failed AND ok) AS passed_despite,
    countIf(failed AND has(elsewhere, (node.1, 1))) AS failures_elsewhere,
    toUnixTimestamp64Nano(minIf(began, failed AND NOT ok)) AS first_ns,
    groupArrayIf(5)(
        (lower(hex(trace_id)), lower(hex(failed_spans[indexOf(failed_nodes, node)]))), failed AND NOT ok) AS examples
FROM
(
    SELECT
        project,
        trace_id,
        root,
        ok,
        began,
        failed_nodes,
        failed_spans,
        elsewhere,
        count() OVER (PARTITION BY project, root) AS traces_of_root,
        countIf(ok) OVER (PARTITION BY project, root) AS passed_of_root,
        nodes
    FROM nodes_of
)
ARRAY JOIN nodes AS node
WHERE traces_of_root >= {traces_min:UInt32}
GROUP BY project, root, node
HAVING failures >= {failures_min:UInt32} AND passed_through >= {share_min:Float64} * passed
ORDER BY failures DESC, project, root, node
LIMIT {project_rows_max:UInt32} BY project
LIMIT {rows_max:UInt32}
SETTINGS optimize_aggregation_in_order = 1, aggregation_in_order_max_block_bytes = 2000000, max_block_size = 8192
