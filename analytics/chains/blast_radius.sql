-- How far one error chain reached in its newest {traces_max} traces of [from, until): at most all that began after it had
-- failed, at least what is known to have come of it: its hops, who stopped it, and {reached} (ids of a trace and a span of
-- it in hexadecimal digits). Of tokens, cost and calls only those count that began after it had failed, on both sides.
WITH had AS
(
    SELECT
        project,
        trace_id,
        any(session) AS chain_session,
        any(user) AS chain_user,
        min(chain.failed) AS failed_at,
        max(chain.outcome = 'root failed') AS has_failed,
        groupArrayArray(arrayPushBack(chain.hops, chain.stopped_at)) AS went_through
    FROM chains FINAL
    ARRAY JOIN chains AS chain
    WHERE project = {project:String}
        AND version >= {known_version:UInt64}
        AND chain.fingerprint = {fingerprint:String}
        AND NOT chain.cancelled
        AND least(toUnixTimestamp64Nano(chain.failed), version * 1000)::Int64 >= {from_ns:Int64}
        AND least(toUnixTimestamp64Nano(chain.failed), version * 1000)::Int64 < {until_ns:Int64}
        AND ({environment:String} = '' OR environment = {environment:String})
    GROUP BY project, trace_id
    ORDER BY max(chain.failed) DESC, trace_id
    LIMIT {traces_max:UInt32}
)
SELECT
    uniqExact(trace_id) AS traces_most,
    uniqExactIf(trace_id, is_touched) AS traces_least,
    uniqExactIf(chain_session, chain_session != '') AS sessions_most,
    uniqExactIf(chain_session, chain_session != '' AND is_touched) AS sessions_least,
    uniqExactIf(chain_user, chain_user != '') AS users_most,
    uniqExactIf(chain_user, chain_user != '' AND is_touched) AS users_least,
    uniqExactIf(agent, agent != '' AND (is_after OR is_hop OR is_reached)) AS agents_most,
    uniqExactIf(agent, agent != '' AND (is_hop OR is_reached)) AS agents_least,
    sumIf(tokens, is_after) AS tokens_most,
    sumIf(tokens, is_after AND is_reached) AS tokens_least,
    sumIf(cost, is_after) AS cost_most,
    sumIf(cost, is_after AND is_reached) AS cost_least,
    countIf(is_change AND is_after) AS changes_most,
    countIf(is_change AND is_after AND is_reached) AS changes_least
FROM
(
    SELECT
        trace_id,
        chain_session,
        chain_user,
        agent,
        start >= failed_at AS is_after,
        has(went_through, steps.span_id) AS is_hop,
        (project, lower(hex(concat(trace_id, steps.span_id)))) IN (
            SELECT {project:String}, arrayJoin({reached:Array(String)})) AS is_reached,
        has_failed OR is_reached AS is_touched,
        if(tokens_counted, input_tokens, NULL) AS taken_tokens,
        if(tokens_counted, output_tokens, NULL) AS given_tokens,
        if(taken_tokens IS NULL AND given_tokens IS NULL, NULL, ifNull(taken_tokens, 0) + ifNull(given_tokens, 0)) AS tokens,
        if(cost_counted, cost_usd, NULL) AS cost,
        kind = 'tool' AND NOT failed AND match(tool, {mutating:String}) AND NOT match(tool, {reading:String}) AS is_change
    FROM steps FINAL
    INNER JOIN had USING (project, trace_id)
    WHERE project = {project:String}
        AND (project, trace_id) IN (SELECT project, trace_id FROM had)
)
