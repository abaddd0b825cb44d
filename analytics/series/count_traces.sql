-- Counts what agents did in a trace in each hour, of gathered steps of the traces in a range of ids, into `drift_pieces`.
INSERT INTO drift_pieces (
    project, hour, environment, agent, operation, subject, metric, agent_version, category, bin, is_total, n, traces)
WITH
    (value -> toInt16(if(abs(value) < 1e-6, 0, sign(value) * least(2500, 1 + floor(log(abs(value) / 1e-6) / log(1.02)))))) AS bin_of,
    -- as in count_steps.sql
    (bins -> arrayFilter((place, step) -> step != 0 OR place = 1, arrayEnumerate(bins), arrayDifference(bins))) AS starts_of,
    ((metric, bins) -> arrayMap(
        (start, next, bin) -> (metric, bin, false, toUInt64(next - start), 0::UInt64),
        starts_of(bins),
        arraySlice(arrayPushBack(starts_of(bins), toUInt32(length(bins) + 1)), 2),
        arrayFilter((bin, place, step) -> step != 0 OR place = 1, bins, arrayEnumerate(bins), arrayDifference(bins)))) AS numbers,
    ((metric, traces) -> (metric, 0::Int16, true, 0::UInt64, toUInt64(traces))) AS total,
    done AS
    (
        SELECT
            project,
            hour,
            trace_id,
            agent,
            any(environment) AS of_environment,
            any(agent_version) AS of_version,
            count() AS steps_n,
            countIf(kind = 'tool') AS tools_n,
            countIf(kind = 'llm') AS models_n,
            countIf(kind = 'tool' AND subject != '') AS chosen_n,
            countIf(handoff_to != '') AS handoffs_n
        FROM drift_steps
        WHERE ({first:String} = '' OR trace_id >= toFixedString(unhex({first:String}), 16))
            AND ({next:String} = '' OR trace_id < toFixedString(unhex({next:String}), 16))
        GROUP BY project, hour, trace_id, agent
    ),
    measured AS
    (
        SELECT
            project, hour, of_environment, agent, of_version,
            count() AS traces,
            countIf(chosen_n > 0) AS traces_of_tools,
            countIf(handoffs_n > 0) AS traces_of_handoffs,
            arraySort(groupArrayIf(bin_of(steps_n), agent != '')) AS steps_bins,
            arraySort(groupArrayIf(bin_of(tools_n), agent != '')) AS tools_bins,
            arraySort(groupArrayIf(bin_of(models_n), agent != '')) AS models_bins
        FROM done
        GROUP BY project, hour, of_environment, agent, of_version
    )
SELECT
    project,
    hour,
    of_environment,
    agent,
    multiIf(one.1 = 'tool', 'execute_tool', one.1 = 'next agent', 'handoff', 'trace'),
    '',
    one.1,
    of_version,
    '',
    one.2,
    one.3,
    one.4,
    one.5
FROM measured
ARRAY JOIN arrayFilter(one -> one.4 > 0 OR one.5 > 0, arrayConcat(
    numbers('steps', steps_bins), if(agent = '', [], [total('steps', traces)]),
    numbers('tool calls', tools_bins), if(agent = '', [], [total('tool calls', traces)]),
    numbers('model calls', models_bins), if(agent = '', [], [total('model calls', traces)]),
    [total('tool', traces_of_tools), total('next agent', traces_of_handoffs)])) AS one
SETTINGS max_insert_threads = 1
