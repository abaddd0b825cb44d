-- Of what uses models and tools (an agent, a root, what an agent does in a trace) in [from, until), by strata of its traces: as
-- strata_of_calls.sql. A stratum is the model that most of its calls in the trace use; the set of tools that they use, or, of
-- how many calls there are, which grows with that set, the tool that most of them use; where {has_spans:Bool} is not (spans have
-- these of their own) also a version, a user. Of a root, what it uses are the calls of the whole trace.
WITH
    -- those of one trace are drawn together
    drawn AS
    (
        SELECT project, trace_id
        FROM steps
        WHERE project = {project:String} AND environment = {environment:String} AND leftUTF8(agent, 200) = {agent:String}
            AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') AND start < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
            AND state IN ('ended', 'cancelled')
            AND multiIf(
                {metric:String} = 'tool', kind = 'tool' AND tool != '',
                {metric:String} = 'next agent', handoff_to != '',
                {operation:String} = 'trace', true,
                if(operation = '', kind, operation) = {operation:String}
                    AND kind NOT IN ('tool', 'llm', 'embedding') AND if(depth = 0, leftUTF8(name, 200), '') = {subject:String})
        ORDER BY sipHash64(trace_id)
        LIMIT {steps_max:UInt32}
    ),
    used AS
    (
        SELECT
            project,
            trace_id,
            leftUTF8(agent, 200) = {agent:String} AND environment = {environment:String} AS is_by_it,
            is_by_it OR {subject:String} != '' AS is_used,
            kind,
            leftUTF8(model, 200) AS of_model,
            leftUTF8(tool, 200) AS of_tool,
            toString(agent_version) AS one_version,
            leftUTF8(user, 200) AS one_user,
            is_by_it AND if(operation = '', kind, operation) = {operation:String}
                AND kind NOT IN ('tool', 'llm', 'embedding') AND if(depth = 0, leftUTF8(name, 200), '') = {subject:String} AS is_span,
            if({metric:String} IN ('tool', 'next agent'), is_by_it, is_span) AS is_measured,
            multiIf(
                NOT is_measured, NULL,
                {metric:String} = 'duration', duration_s,
                {metric:String} = 'input tokens', toFloat64(input_tokens),
                {metric:String} = 'output tokens', toFloat64(output_tokens),
                {metric:String} = 'reasoning tokens', toFloat64(reasoning_tokens),
                {metric:String} = 'cost', cost_usd,
                {metric:String} = 'retries', toFloat64(attempt),
                {metric:String} = 'outcome', toFloat64(has({categories:Array(String)}, multiIf(
                    state = 'cancelled', 'cancelled', status = 'error', if(error_type = '', 'error', leftUTF8(error_type, 100)),
                    payload_error NOT IN ('', 'empty'), 'its answer says so', payload_error = 'empty', 'empty answer', 'ok'))),
                {metric:String} = 'tool' AND kind = 'tool' AND tool != '', toFloat64(has({categories:Array(String)}, of_tool)),
                {metric:String} = 'next agent' AND handoff_to != '', toFloat64(has({categories:Array(String)}, leftUTF8(handoff_to, 200))),
                NULL) AS value
        FROM steps FINAL
        WHERE project = {project:String} AND (project, trace_id) IN (SELECT project, trace_id FROM drawn)
            AND state IN ('ended', 'cancelled')
    ),
    traces AS
    (
        SELECT
            project,
            trace_id,
            groupArrayIf(50)(of_model, is_used AND kind = 'llm' AND of_model != '') AS models,
            groupArrayIf(50)(of_tool, is_used AND kind = 'tool' AND of_tool != '') AS tools,
            anyIf(one_version, is_by_it) AS of_version,
            anyIf(one_user, is_by_it) AS of_user,
            multiIf(
                {metric:String} = 'steps', [toFloat64(countIf(is_by_it))],
                {metric:String} = 'tool calls', [toFloat64(countIf(is_by_it AND kind = 'tool'))],
                {metric:String} = 'model calls', [toFloat64(countIf(is_by_it AND kind = 'llm'))],
                groupArrayIf(50)(assumeNotNull(value), isNotNull(value))) AS found
        FROM used
        GROUP BY project, trace_id
    )
SELECT
    stratum.1 AS by,
    stratum.2 AS name,
    sum(n) AS calls,
    sum(measure) AS total,
    sum(sum(n)) OVER (PARTITION BY project, stratum.1) AS calls_of_all,
    sum(sum(measure)) OVER (PARTITION BY project, stratum.1) AS total_of_all
FROM
(
    SELECT
        project,
        length(found) AS n,
        arraySum(one -> if({is_log:Bool}, log(greatest(one, {least:Float64})), one), found) AS measure,
        arraySort(one -> (-countEqual(models, one), one), arrayDistinct(models))[1] AS most_model,
        if({metric:String} IN ('steps', 'tool calls', 'model calls'),
            ('tool', arraySort(one -> (-countEqual(tools, one), one), arrayDistinct(tools))[1]),
            ('tools', toString(arraySort(arrayDistinct(tools))))) AS of_tools,
        arrayJoin(arrayConcat(
            [('model', most_model)],
            if({metric:String} = 'tool', [], [of_tools]),
            if({has_spans:Bool}, [], [('version', of_version), ('user', of_user)]))) AS stratum
    FROM traces
    WHERE notEmpty(found)
)
GROUP BY project, stratum
ORDER BY calls DESC, name
LIMIT {strata_max:UInt32} BY by
