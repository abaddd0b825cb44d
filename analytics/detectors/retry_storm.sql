-- Attempts of each tool and model in the last minutes, by the minute they began in, newest 0, and how many of them were made
-- again: after an error of the same call by the same parent (the same input; a model's call whatever its input, where
-- that was not captured), or because the call says so (its attempt, or the id of the model's call). Attempts side by side
-- are hedged, not made again.
WITH
    fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC') AS until,
    until - toIntervalMinute({minutes:UInt8}) AS since,
    calls AS
    (
        SELECT
            project,
            kind,
            left(if(kind = 'tool', tool, model), 500) AS called,
            agent,
            trace_id,
            -- a model that asks again gives the same call another id
            multiIf(
                input_hash != 0 OR (kind = 'llm' AND tool_call_id = ''), hex(cityHash64(parent_span_id, input_hash)),
                tool_call_id != '', tool_call_id,
                -- who knows whether it is the same call: each stands for itself
                hex(span_id)) AS call,
            arraySort(groupArray((
                toUnixTimestamp64Nano(start),
                if(state = 'open', 0, toUnixTimestamp64Nano(end)),
                status = 'error',
                error_type,
                ifNull(attempt, 0)))) AS attempts
        FROM steps
        -- a version is of the time when it was written: what began since has none that is older
        WHERE version > {since_version:UInt64}
            AND start >= since AND start < until
            AND ((kind = 'tool' AND tool != '') OR (kind = 'llm' AND (tokens_counted OR status = 'error')))
            AND (project, trace_id, version) IN (
                SELECT project, trace_id, max(version) FROM steps
                WHERE version > {since_version:UInt64} GROUP BY project, trace_id)
        GROUP BY project, kind, called, agent, trace_id, call
    ),
    judged AS
    (
        SELECT
            project,
            kind,
            called,
            agent,
            trace_id,
            call,
            attempt_start,
            error_type,
            is_error,
            is_retry,
            gap_ns,
            former_gap_ns
        FROM
        (
            SELECT
                *,
                arrayJoin(arrayMap(index -> (
                    attempts[index].1,
                    attempts[index].3,
                    attempts[index].4,
                    index > 1 AND attempts[index - 1].3 AND attempts[index - 1].2 > 0
                        AND attempts[index].1 >= attempts[index - 1].2,
                    if(index > 1, attempts[index].1 - attempts[index - 1].2, 0),
                    if(index > 2, attempts[index - 1].1 - attempts[index - 2].2, 0),
                    attempts[index].5
                ), arrayEnumerate(attempts))) AS one,
                one.1 AS attempt_start,
                one.2 AS is_error,
                one.3 AS error_type,
                one.4 OR one.7 > 1 AS is_retry,
                if(one.4, one.5, 0) AS gap_ns,
                if(one.4, one.6, 0) AS former_gap_ns
            FROM calls
        )
    )
SELECT
    project,
    kind,
    called,
    intDiv({until_ns:Int64} - 1 - attempt_start, 60000000000) AS minutes_ago,
    count() AS attempts,
    countIf(is_retry) AS retries,
    countIf(is_error) AS errors,
    uniqExactIf((trace_id, call), is_retry) AS calls_retried,
    topKIf(3)(error_type, is_error) AS error_types,
    topKIf(3)(agent, is_retry) AS agents,
    arrayMap(id -> lower(hex(id)), groupUniqArrayIf(5)(trace_id, is_retry)) AS trace_ids,
    quantileExactIf(0.5)(gap_ns, gap_ns > 0) / 1e9 AS gap_s,
    -- of a third attempt and later ones: the pause against the one before
    countIf(former_gap_ns > 0) AS gap_pairs,
    countIf(former_gap_ns > 0 AND gap_ns >= 1.5 * former_gap_ns) AS gap_pairs_growing
FROM judged
GROUP BY project, kind, called, minutes_ago
HAVING retries > 0 OR concat(project, '/', kind, ':', called) IN {watched:Array(String)}
ORDER BY
    concat(project, '/', kind, ':', called) IN {watched:Array(String)} DESC,
    max(retries) OVER (PARTITION BY project, kind, called) DESC,
    project,
    kind,
    called,
    minutes_ago
LIMIT {rows_max:UInt32}
