-- Attempts of each tool and model in the last minutes, by the minute they began in, newest 0, and how many of them were made
-- again: after an error of the same call by the same agent of a trace (the same input, whatever its parent, for each turn
-- may have a span of its own; where that was not captured, what the model's answer before a tool asked for; a model's call
-- whatever its input), or because the call says so (its attempt, or the id of the model's call). Attempts side by side
-- are hedged, not made again; those that wait as a limit of rate asked are counted apart.
WITH
    fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC') AS until,
    until - toIntervalMinute({minutes:UInt8}) AS since,
    extractGroups(error_message, {wait:String}) AS asked_to_wait,
    newest AS
    (
        -- a version is of the time when it was written: what began since has none that is older
        SELECT project, trace_id, max(version) FROM steps
        WHERE version > {since_version:UInt64} GROUP BY project, trace_id
    ),
    -- by tool that says its name alone, as AutoGen's: the answer of the model right before it, in traces where such fail
    asked AS
    (
        SELECT
            project,
            trace_id,
            span_id,
            if(tool_call_id = '', said_before,
                max(said_before) OVER (PARTITION BY project, trace_id, agent, tool_call_id)) AS said
        FROM
        (
            SELECT
                project,
                trace_id,
                span_id,
                agent,
                kind,
                tool_call_id,
                lagInFrame(if(kind = 'llm', output_hash, 0)) OVER (
                    PARTITION BY project, trace_id, agent ORDER BY start, span_id
                    ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS said_before
            FROM steps
            WHERE version > {since_version:UInt64}
                AND start >= since AND start < until
                AND kind IN ('tool', 'llm')
                AND (project, trace_id) IN (
                    SELECT project, trace_id FROM steps
                    WHERE version > {since_version:UInt64}
                        AND start >= since AND start < until
                        AND kind = 'tool' AND failed AND input_hash = 0 AND output_hash = 0)
                AND (project, trace_id, version) IN newest
        )
        WHERE kind = 'tool'
    ),
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
                input_hash != 0, hex(cityHash64(input_hash)),
                said != 0 AND output_hash = 0, hex(cityHash64('asked', said)),
                kind = 'llm' AND tool_call_id = '', hex(cityHash64('below', parent_span_id)),
                tool_call_id != '', tool_call_id,
                -- who knows whether it is the same call: each stands for itself
                hex(span_id)) AS call,
            arraySort(groupArray((
                toUnixTimestamp64Nano(start),
                if(state = 'open', 0, toUnixTimestamp64Nano(end)),
                failed,
                if(failed AND status != 'error', 'an error in its answer', error_type),
                ifNull(attempt, 0),
                failed AND match(concat(error_type, ' ', error_message, ' ', payload_error), {limited:String}),
                -- an hour at most: what comes from outside may say anything
                if(failed, least(3600., toFloat64OrZero(asked_to_wait[1])
                    * transform(lower(asked_to_wait[2]), ['ms', 'milli', 'm', 'h'], [0.001, 0.001, 60., 3600.], 1.)), 0.)
                ))) AS attempts
        FROM steps
        LEFT JOIN asked USING (project, trace_id, span_id)
        WHERE version > {since_version:UInt64}
            AND start >= since AND start < until
            AND ((kind = 'tool' AND tool != '') OR (kind = 'llm' AND (tokens_counted OR failed)))
            AND (project, trace_id, version) IN newest
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
            attempts[number].1 AS attempt_start,
            attempts[number].3 AS is_error,
            attempts[number].4 AS error_type,
            number > 1 AND attempts[number - 1].3 AND attempts[number - 1].2 > 0
                AND attempts[number].1 >= attempts[number - 1].2 AS follows,
            if(follows, attempts[number].1 - attempts[number - 1].2, 0) AS gap_ns,
            if(follows AND number > 2, attempts[number - 1].1 - attempts[number - 2].2, 0) AS former_gap_ns,
            follows AND attempts[number - 1].6 AS is_limited,
            if(is_limited, attempts[number - 1].7, 0.) AS wait_s,
            -- clocks, and the call's own way: nine tenths of the wait
            is_limited AND gap_ns >= 1e9 * if(wait_s > 0, 0.9 * wait_s, {pause_s:Float64}) AS is_honoured,
            (follows OR attempts[number].5 > 1) AND NOT is_honoured AS is_retry
        FROM calls
        ARRAY JOIN arrayEnumerate(attempts) AS number
    )
SELECT
    project,
    kind,
    called,
    intDiv({until_ns:Int64} - 1 - attempt_start, 60000000000) AS minutes_ago,
    count() AS attempts,
    countIf(is_retry) AS retries,
    countIf(is_honoured) AS honoured,
    countIf(is_retry AND is_limited) AS hasty,
    countIf(is_error) AS errors,
    uniqExactIf((trace_id, call), is_retry) AS calls_retried,
    topKIf(3)(error_type, is_error) AS error_types,
    topKIf(3)(agent, is_retry) AS agents,
    arrayMap(id -> lower(hex(id)), groupUniqArrayIf(5)(trace_id, is_retry)) AS trace_ids,
    quantileExactIf(0.5)(gap_ns, is_retry AND gap_ns > 0) / 1e9 AS gap_s,
    ifNotFinite(quantileExactIf(0.5)(wait_s, is_retry AND wait_s > 0), 0.) AS asked_s,
    -- of a third attempt and later ones: the pause against the one before
    countIf(is_retry AND former_gap_ns > 0) AS gap_pairs,
    countIf(is_retry AND former_gap_ns > 0 AND gap_ns >= 1.5 * former_gap_ns) AS gap_pairs_growing,
    countIf(is_retry AND former_gap_ns > 0 AND 1.5 * gap_ns <= former_gap_ns) AS gap_pairs_shrinking
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
