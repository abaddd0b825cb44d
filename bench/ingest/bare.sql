-- The same segments decoded and flattened by the bare engine, with the same threads and block.
INSERT INTO bare
SETTINGS
    max_threads = 1, max_insert_threads = 1, async_insert = 0,
    max_block_size = 10000000, max_insert_block_size = 10000000,
    min_insert_block_size_rows = 10000000, min_insert_block_size_bytes = 4000000000,
    format_schema = '{{schema}}:Request'
WITH
    (pair -> coalesce(
        pair.value.string_value, toString(pair.value.int_value), toString(pair.value.double_value),
        toString(pair.value.bool_value), base64Encode(pair.value.bytes_value),
        if(empty(pair.value.array_value.values), '',
            toJSONString(arrayMap(item -> coalesce(item.string_value, ''), pair.value.array_value.values))),
        '')) AS text,
    (pairs -> mapFromArrays(pairs.key, arrayMap(pair -> text(pair), pairs))) AS to_map
SELECT
    fromUnixTimestamp64Nano(toInt64(received_unix_nano), 'UTC'),
    toFixedString(span.trace_id, 16),
    toFixedString(span.span_id, 8),
    toFixedString(span.parent_span_id, 8),
    span.trace_state,
    span.flags,
    span.name,
    toUInt8(span.kind),
    fromUnixTimestamp64Nano(toInt64(span.start_time_unix_nano), 'UTC'),
    fromUnixTimestamp64Nano(toInt64(span.end_time_unix_nano), 'UTC'),
    toUInt8(span.status.code),
    span.status.message,
    scope_name,
    scope_version,
    to_map(span.attributes),
    resource,
    span.events.time_unix_nano,
    span.events.name,
    arrayMap(event -> to_map(event.attributes), span.events),
    span.links.trace_id,
    span.links.span_id
FROM
(
    SELECT arrayJoin(scope.spans) AS span, scope.scope.name AS scope_name, scope.scope.version AS scope_version,
        resource, received_unix_nano
    FROM
    (
        SELECT arrayJoin(resource_span.scope_spans) AS scope, to_map(resource_span.resource.attributes) AS resource,
            received_unix_nano
        FROM
        (
            SELECT arrayJoin(resource_spans) AS resource_span, received_unix_nano
            FROM file({path:String}, 'Protobuf', {structure:String})
        )
    )
)
