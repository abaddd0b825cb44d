-- How large the traces are that changed, of those that are large at all, and those of watched findings (id in 32 hex
-- digits, and the project): spans, depth, the most children of one span, tokens, cost. A trace is written whole
-- under each version, so its newest version is all of it.
WITH
    watched AS
    (
        SELECT substring(place, 33) AS project, toFixedString(unhex(substring(place, 1, 32)), 16) AS trace_id
        FROM (SELECT arrayJoin({watched:Array(String)}) AS place)
    ),
    newest AS
    (
        SELECT project, trace_id, max(version) AS newest_version
        FROM steps
        WHERE version > {changed_version:UInt64}
        GROUP BY project, trace_id
        UNION DISTINCT
        SELECT project, trace_id, max(version)
        FROM steps
        WHERE (project, trace_id) IN watched
        GROUP BY project, trace_id
    ),
    families AS
    (
        SELECT
            project,
            trace_id,
            parent_span_id,
            count() AS members,
            -- calls to what is no agent's work (HTTP, databases), vectors and marks come in masses
            countIf(parent_span_id != toFixedString('', 8)
                AND kind NOT IN ('other', 'embedding', 'evaluator', 'message_send', 'message_process')) AS children,
            countIf(parent_span_id != toFixedString('', 8) AND kind = 'agent') AS agents,
            max(depth) AS deepest,
            argMin((name, agent, environment, service), (depth, start)) AS first,
            min((depth, start)) AS first_order,
            minIf((depth, agent), agent != '') AS highest_agent,
            max(end) AS last_end,
            min(start) AS first_start,
            countIf(state = 'open') AS open,
            countIf(depth = 0 AND parent_span_id = toFixedString('', 8)) AS roots,
            sumIf(ifNull(input_tokens, 0) + ifNull(output_tokens, 0), tokens_counted) AS tokens,
            sumIf(ifNull(cost_usd, 0), cost_counted) AS cost_usd,
            sumMapIf(map(agent, toUInt64(1)), agent != '') AS spans_of
        FROM steps
        WHERE (project, trace_id, version) IN newest
        GROUP BY project, trace_id, parent_span_id
    )
SELECT
    project,
    lower(hex(families.trace_id)) AS trace_id,
    argMin(first, first_order).1 AS root,
    -- its like: by its root and by the agent nearest to that, for frameworks have one name for all roots ("Agent
    -- workflow"). What is numbered or has an id in its name is alike
    replaceRegexpAll(
        concat(left(root, 200), '\0', left(minIf(highest_agent, highest_agent.2 != '').2, 200)),
        '[0-9a-fA-F]{8,}(-[0-9a-fA-F]+)*|[0-9]+', '#') AS habit_name,
    argMin(first, first_order).2 AS agent,
    sum(members) AS spans,
    max(deepest) AS depth,
    max(families.children) AS children,
    lower(hex(argMax(parent_span_id, families.children))) AS children_of,
    max(families.agents) AS agents,
    lower(hex(argMax(parent_span_id, families.agents))) AS agents_of,
    sum(families.tokens) AS tokens,
    sum(families.cost_usd) AS cost_usd,
    toUnixTimestamp64Nano(min(first_start)) AS start_ns,
    toUnixTimestamp64Nano(max(last_end)) AS end_ns,
    sum(open) = 0 AND sum(roots) > 0 AS ended,
    arraySlice(arrayReverseSort(pair -> pair.2, arrayZip(
        mapKeys(sumMap(spans_of)), mapValues(sumMap(spans_of)))), 1, 3) AS busiest
FROM families
GROUP BY project, families.trace_id
HAVING spans > {spans_floor:UInt64} OR depth > {depth_floor:UInt64} OR children > {children_floor:UInt64}
    OR agents > {agents_floor:UInt64} OR tokens > {tokens_floor:UInt64} OR cost_usd > {cost_floor:Float64}
-- projects take turns: none takes the room of the others
ORDER BY
    row_number() OVER (
        PARTITION BY project
        ORDER BY concat(trace_id, project) IN {watched:Array(String)} DESC, spans DESC, trace_id),
    project
LIMIT {rows_max:UInt32}
