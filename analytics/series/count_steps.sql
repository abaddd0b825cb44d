-- Counts gathered steps of the traces in a range of ids into `drift_pieces`: one row an hour, a series and what was measured
-- of it, spread into counts only then.
INSERT INTO drift_pieces (
    project, hour, environment, agent, operation, subject, metric, agent_version, category, bin, is_total, n, traces)
WITH
    -- log-spaced by 2 %, as analytics/drift/bins.py has it: a quantile is wrong by 1 % at most
    (value -> toInt16(if(abs(value) < 1e-6, 0, sign(value) * least(2500, 1 + floor(log(abs(value) / 1e-6) / log(1.02)))))) AS bin_of,
    (value -> bin_of(assumeNotNull(value))) AS bin_of_known,
    -- how often each bin of a sorted list stands in it; lambdas take no list from around them, which would be copied
    (bins -> arrayFilter((place, step) -> step != 0 OR place = 1, arrayEnumerate(bins), arrayDifference(bins))) AS starts_of,
    ((metric, bins) -> arrayMap(
        (start, next, bin) -> (metric, '', bin, false, toUInt64(next - start), 0::UInt64),
        starts_of(bins),
        arraySlice(arrayPushBack(starts_of(bins), toUInt32(length(bins) + 1)), 2),
        arrayFilter((bin, place, step) -> step != 0 OR place = 1, bins, arrayEnumerate(bins), arrayDifference(bins)))) AS numbers,
    ((metric, counted) -> arrayMap(
        (category, n) -> (metric, category, 0::Int16, false, toUInt64(n), 0::UInt64), counted.1, counted.2)) AS categories,
    ((metric, traces) -> (metric, '', 0::Int16, true, 0::UInt64, toUInt64(traces))) AS total,
    measured AS
    (
        SELECT
            project, hour, environment, agent, operation, subject, agent_version,
            countIf(is_work) AS works,
            countIf(is_work AND outcome = 'ok') AS good,
            countIf(kind = 'tool') AS tools,
            sumMapIf([outcome], [1::UInt64], is_work AND outcome != 'ok') AS outcomes,
            sumMapIf(reasons, arrayMap(reason -> 1::UInt64, reasons), is_work AND notEmpty(reasons)) AS finished,
            sumMapIf([handoff_to], [1::UInt64], handoff_to != '') AS handed_over,
            arraySort(groupArrayIf(bin_of(duration_s), is_work)) AS durations,
            arraySort(groupArrayIf(bin_of_known(first_token_s), is_work AND isNotNull(first_token_s))) AS first_tokens,
            arraySort(groupArrayIf(bin_of_known(input_tokens), is_work AND isNotNull(input_tokens))) AS inputs,
            arraySort(groupArrayIf(bin_of_known(output_tokens), is_work AND isNotNull(output_tokens))) AS outputs,
            arraySort(groupArrayIf(bin_of_known(reasoning_tokens), is_work AND isNotNull(reasoning_tokens))) AS reasonings,
            arraySort(groupArrayIf(bin_of_known(cost_usd), is_work AND isNotNull(cost_usd))) AS costs,
            arraySort(groupArrayIf(bin_of_known(attempt), is_work AND isNotNull(attempt))) AS attempts,
            -- of many traces 2 % more or less: it bounds how much a count is worth
            uniqCombinedIf(12)(sipHash64(trace_id), is_work) AS traces,
            uniqCombinedIf(12)(sipHash64(trace_id), is_work AND isNotNull(first_token_s)) AS traces_of_first_tokens,
            uniqCombinedIf(12)(sipHash64(trace_id), is_work AND isNotNull(input_tokens)) AS traces_of_inputs,
            uniqCombinedIf(12)(sipHash64(trace_id), is_work AND isNotNull(output_tokens)) AS traces_of_outputs,
            uniqCombinedIf(12)(sipHash64(trace_id), is_work AND isNotNull(reasoning_tokens)) AS traces_of_reasonings,
            uniqCombinedIf(12)(sipHash64(trace_id), is_work AND isNotNull(cost_usd)) AS traces_of_costs,
            uniqCombinedIf(12)(sipHash64(trace_id), is_work AND isNotNull(attempt)) AS traces_of_attempts,
            uniqCombinedIf(12)(sipHash64(trace_id), is_work AND notEmpty(reasons)) AS traces_of_finished
        FROM drift_steps
        WHERE ({first:String} = '' OR trace_id >= toFixedString(unhex({first:String}), 16))
            AND ({next:String} = '' OR trace_id < toFixedString(unhex({next:String}), 16))
        GROUP BY project, hour, environment, agent, operation, subject, agent_version
    )
SELECT
    project,
    hour,
    environment,
    agent,
    -- which tool an agent takes, and whom it hands over to, is said of the agent whatever it does
    multiIf(one.1 = 'tool', 'execute_tool', one.1 = 'next agent', 'handoff', operation) AS operation_of,
    if(one.1 IN ('tool', 'next agent'), '', subject) AS subject_of,
    one.1,
    agent_version,
    one.2,
    one.3,
    one.4,
    one.5,
    one.6
FROM measured
ARRAY JOIN arrayFilter(one -> one.5 > 0 OR one.6 > 0, arrayConcat(
    numbers('duration', durations), [total('duration', traces)],
    numbers('time to first token', first_tokens), [total('time to first token', traces_of_first_tokens)],
    numbers('input tokens', inputs), [total('input tokens', traces_of_inputs)],
    numbers('output tokens', outputs), [total('output tokens', traces_of_outputs)],
    numbers('reasoning tokens', reasonings), [total('reasoning tokens', traces_of_reasonings)],
    numbers('cost', costs), [total('cost', traces_of_costs)],
    numbers('retries', attempts), [total('retries', traces_of_attempts)],
    [('outcome', 'ok', 0::Int16, false, toUInt64(good), 0::UInt64)], categories('outcome', outcomes), [total('outcome', traces)],
    categories('finish reason', finished), [total('finish reason', traces_of_finished)],
    if(subject = '', [], [('tool', subject, 0::Int16, false, toUInt64(tools), 0::UInt64)]),
    categories('next agent', handed_over))) AS one
SETTINGS max_insert_threads = 1
