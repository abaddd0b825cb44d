-- Sealed segments of logs into `span_logs`: one block, one part, as load_traces.sql does it. The words
-- in double braces are the path of the schema and redaction.sql.
INSERT INTO span_logs (
    project, segment, received_day, received, trace_id, span_id, time, event, severity, service, scope_name,
    exception_type, exception_message, pause_reason, body, attributes, marks)
SETTINGS
    max_threads = 1, max_insert_threads = 1, async_insert = 0,
    max_memory_usage = 1200000000,
    max_block_size = 10000000, max_insert_block_size = 10000000,
    min_insert_block_size_rows = 10000000, min_insert_block_size_bytes = 4000000000,
    format_schema = '{{schema}}:Request'
WITH
    {{redaction}},
    (value -> coalesce(
        value.string_value, toString(value.int_value), toString(value.double_value),
        toString(value.bool_value), bytes_text(value.bytes_value), '')) AS plain_text,
    (text -> if(length(text) <= {value_bytes_max:UInt64}, text, concat(
        toValidUTF8(substring(text, 1, {value_bytes_max:UInt64})), ' [cut by doldrums, was ', toString(length(text)), ' bytes]'))) AS cut,
    (nanoseconds -> fromUnixTimestamp64Nano(toInt64(least(nanoseconds, 9223372036854775807)), 'UTC')) AS at
SELECT
    project,
    -- logs-<id>-<day>-<rows>.otlp
    splitByChar('-', file_name)[2],
    {day:Date},
    at(received_unix_nano),
    toFixedString(substring(trace_id, 1, 16), 16),
    toFixedString(substring(span_id, 1, 8), 8),
    at(multiIf(time_nano > 0, time_nano, observed_nano > 0, observed_nano, received_unix_nano)),
    redact(event_name),
    toUInt8(if(severity BETWEEN 0 AND 24, severity, 0)),
    redact(service),
    redact(scope_name),
    found['exception.type'],
    found['exception.message'],
    if(startsWith(event_name, 'gen_ai.agent.'), firstNonDefault(
        found['gen_ai.agent.pause.reason'], found['gen_ai.agent.pause_reason'], found['gen_ai.agent.paused.reason'],
        found['reason']), ''),
    body_text,
    found,
    arrayFilter(mark -> mark != '', [
        if(length(pairs) > {attributes_max:UInt32}, concat('attributes_cut:', toString(length(pairs))), ''),
        if(arrayExists(text -> endsWith(text, ' bytes]') AND position(text, ' [cut by doldrums, was ') > 0, mapValues(found)), 'value_cut', ''),
        /*secret*/ if(redactions > 0, concat('redacted:', toString(redactions)), ''),
        ''])
FROM
(
    SELECT
        *,
        arraySlice(pairs, 1, {attributes_max:UInt32}) AS kept,
        cut(redact(plain_text(body))) AS body_text,
        mapFromArrays(
            arrayMap(pair -> cut(redact(pair.key)), kept),
            arrayMap(pair -> cut(redact_value(pair.key, 1, plain_text(pair.value))), kept)) AS found,
        /*secret*/ redactions_in(arrayPushBack(mapValues(found), body_text)) AS redactions,
        arrayFirst(pair -> pair.key = 'service.name', resource_pairs).value.string_value AS service
    FROM
    (
        SELECT *
        FROM
        (
            SELECT *
            FROM
            (
                SELECT
                    _file AS file_name,
                    project,
                    received_unix_nano,
                    resource_logs.resource.attributes AS resource_pairs,
                    resource_logs.scope_logs.scope.name AS scope_name,
                    resource_logs.scope_logs.log_records.time_unix_nano AS time_nano,
                    resource_logs.scope_logs.log_records.observed_time_unix_nano AS observed_nano,
                    resource_logs.scope_logs.log_records.severity_number AS severity,
                    resource_logs.scope_logs.log_records.body AS body,
                    resource_logs.scope_logs.log_records.attributes AS pairs,
                    resource_logs.scope_logs.log_records.trace_id AS trace_id,
                    resource_logs.scope_logs.log_records.span_id AS span_id,
                    resource_logs.scope_logs.log_records.event_name AS event_name
                FROM file({path:String}, 'Protobuf', {structure:String})
            )
            ARRAY JOIN resource_pairs, scope_name, time_nano, observed_nano, severity, body, pairs, trace_id, span_id, event_name
        )
        ARRAY JOIN scope_name, time_nano, observed_nano, severity, body, pairs, trace_id, span_id, event_name
    )
    ARRAY JOIN time_nano, observed_nano, severity, body, pairs, trace_id, span_id, event_name
)
