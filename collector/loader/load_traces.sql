-- One sealed segment into `spans`: ClickHouse's own protobuf reader decodes it, the table of
-- conventions normalises it, one block becomes one part.
-- The words in double braces are replaced by what collector/conventions makes of the table;
-- those with a type are parameters of each load.
-- Where the time of a span goes: docs/performance.md.
INSERT INTO spans (
    project, segment, received_day, received, trace_id, span_id, parent_span_id, trace_state, flags,
    span_kind, start, end, open, status, status_message,
    scope_name, scope_version, scope_schema_url, scope_attributes,
    attributes, attribute_types, content_references, dropped_attributes, resource_attributes, resource_schema_url,
    event_times, event_names, event_attributes, dropped_events,
    link_trace_ids, link_span_ids, link_trace_states, link_attributes, dropped_links, marks, kind,
    input, input_key, input_preview, input_hash, output, output_key, output_preview, output_hash, payload_error, {{field_names}})
SETTINGS
    -- one thread and one block: one part, one rename, wholly there or not at all; segments are
    -- loaded side by side rather than one in two threads
    max_threads = 1, max_insert_threads = 1, async_insert = 0,
    -- there is nothing in this statement that it could speed up, and looking for it took a third of
    -- the 0.1 to 0.2 s that its analysis costs
    optimize_and_compare_chain = 0,
    -- decoded 16 MB at a time: an insert takes 190 to 270 MB of memory, not 260 to 410 as with 32 MB; 740 whole
    input_format_max_block_size_bytes = 16000000,
    -- a segment that needs more is halved: 32 MiB of tiny attributes would take 3 GB
    max_memory_usage = 1200000000,
    max_block_size = 10000000, max_insert_block_size = 10000000,
    min_insert_block_size_rows = 10000000, min_insert_block_size_bytes = 4000000000,
    format_schema = '{{schema}}:Request'
WITH
    -- Lines that begin with a variant's name stand only in that variant of the statement. `flat`,
    -- `arrays` and `deep`: how AnyValue is nested in this segment (the analyser's time grows with
    -- the size of the types); `whole` and `cut`: whether something in it is over a limit; `inline` and
    -- `apart`: whether there are texts long enough to be stored in pieces; `clear` and `secret`: redaction.sql.
    --
    {{redaction}},
    -- AnyValue as text: scalars as they read, arrays and maps as JSON, bytes as base64
    /*deep*/ (value -> coalesce(
    /*deep*/     toJSONString(value.string_value), toString(value.int_value), toJSONString(value.double_value),
    /*deep*/     toString(value.bool_value),
    /*deep*/     concat('"', bytes_text(coalesce(value.bytes_value, value.array_value, value.kvlist_value)), '"'),
    /*deep*/     'null')) AS leaf_json,
    /*deep*/ (value -> multiIf(
    /*deep*/     notEmpty(value.array_value.values),
    /*deep*/     concat('[', arrayStringConcat(arrayMap(item -> leaf_json(item), value.array_value.values), ','), ']'),
    /*deep*/     notEmpty(value.kvlist_value.values),
    /*deep*/     concat('{', arrayStringConcat(arrayMap(
    /*deep*/         inner -> concat(toJSONString(inner.key), ':', leaf_json(inner.value)), value.kvlist_value.values), ','), '}'),
    /*deep*/     coalesce(
    /*deep*/         toJSONString(value.string_value), toString(value.int_value), toJSONString(value.double_value),
    /*deep*/         toString(value.bool_value), concat('"', bytes_text(value.bytes_value), '"'), 'null'))) AS item_json,
    /*arrays*/ (value -> coalesce(
    /*arrays*/     toJSONString(value.string_value), toString(value.int_value), toJSONString(value.double_value),
    /*arrays*/     toString(value.bool_value), concat('"', bytes_text(value.bytes_value), '"'), 'null')) AS item_json,
    (pair -> coalesce(
        pair.value.string_value, toString(pair.value.int_value), toString(pair.value.double_value),
        toString(pair.value.bool_value), bytes_text(pair.value.bytes_value),
        /*arrays*/ if(empty(pair.value.array_value.values), '',
        /*arrays*/     concat('[', arrayStringConcat(arrayMap(item -> item_json(item), pair.value.array_value.values), ','), ']')),
        /*deep*/ multiIf(
        /*deep*/     notEmpty(pair.value.array_value.values),
        /*deep*/     concat('[', arrayStringConcat(arrayMap(item -> item_json(item), pair.value.array_value.values), ','), ']'),
        /*deep*/     notEmpty(pair.value.kvlist_value.values),
        /*deep*/     concat('{', arrayStringConcat(arrayMap(
        /*deep*/         inner -> concat(toJSONString(inner.key), ':', item_json(inner.value)), pair.value.kvlist_value.values), ','), '}'),
        /*deep*/     ''),
        '')) AS plain_text,
    -- its branch as in `attribute_types`; one at most is set
    (pair -> toUInt8(
        isNotNull(pair.value.string_value) + 2 * isNotNull(pair.value.bool_value)
        + 3 * isNotNull(pair.value.int_value) + 4 * isNotNull(pair.value.double_value)
        + 5 * isNotNull(pair.value.bytes_value)
        /*arrays*/ + 6 * notEmpty(pair.value.array_value.values)
        /*deep*/ + 6 * notEmpty(pair.value.array_value.values) + 7 * notEmpty(pair.value.kvlist_value.values)
        )) AS type_of,
    {{pieces}},
    (pair -> cut(redact_value(pair.key, type_of(pair), plain_text(pair)))) AS value_text,
    (pairs -> mapFromArrays(arrayMap(pair -> cut(pair.key), pairs), arrayMap(pair -> value_text(pair), pairs))) AS to_map,
    -- what is the same whenever a call is made again: without the ids that models and frameworks give each call. What
    -- LangChain calls a tool with is `input_str`, among what changes with every step
    (text -> if(
        startsWith(text, '{"input_str": '), JSONExtractString(text, 'input_str'),
        if(
            multiSearchAny(text, ['tool_call', 'toolCall']),
            replaceRegexpAll(text, '[iI]d": ?"[^"]*"', ''),
            text))) AS same_text,
    -- 0: nothing to compare. What was redacted is the same of different secrets
    (text -> if(
        empty(text)
        /*secret*/ OR position(text, '[redacted: ') > 0
        , 0, cityHash64(same_text(text)))) AS same_hash,
    -- a number of nanoseconds as time; what DateTime64 cannot hold is clamped to its end (2262)
    (nanoseconds -> fromUnixTimestamp64Nano(toInt64(least(nanoseconds, 9223372036854775807)), 'UTC')) AS at
SELECT
    project,
    -- traces-<id>-<day>-<rows>.otlp
    splitByChar('-', file_name)[2],
    {day:Date},
    at(received_unix_nano),
    toFixedString(substring(trace_id, 1, 16), 16),
    id,
    parent,
    leftUTF8(trace_state, 1024),
    flags,
    toUInt8(least(greatest(span_kind, 0), 5)),
    at(start_nano),
    -- 1970 while open; an end before the start is clock trouble, not a negative duration
    if(is_open, at(0), at(greatest(end_nano, start_nano))),
    is_open,
    toUInt8(if(status_code BETWEEN 0 AND 2, status_code, 0)),
    status_text,
    leftUTF8(scope_name, 1024),
    leftUTF8(scope_version, 1024),
    leftUTF8(scope_url, 1024),
    scope_maps,
    /*inline*/ mapFromArrays(keys, values),
    /*inline*/ types,
    /*inline*/ [],
    /*apart*/ mapFromArrays(
    /*apart*/     arrayFilter((key, is_apart) -> NOT is_apart, keys, apart),
    /*apart*/     arrayFilter((text, is_apart) -> NOT is_apart, values, apart)),
    /*apart*/ arrayFilter((type, is_apart) -> NOT is_apart, types, apart),
    /*apart*/ arrayMap(
    /*apart*/     (key, text, joint) -> (key, joint, ending(text, joint), arrayMap(piece -> hash_of(piece), pieces(text, joint))),
    /*apart*/     apart_keys, apart_texts, apart_joints),
    dropped_attributes,
    resource,
    leftUTF8(resource_url, 1024),
    arrayMap(nano -> at(nano), keep(event_nano)),
    event_names,
    event_attributes,
    dropped_events,
    arrayMap(id -> toFixedString(substring(id, 1, 16), 16), keep(link_trace_id)),
    arrayMap(id -> toFixedString(substring(id, 1, 8), 8), keep(link_span_id)),
    arrayMap(state -> leftUTF8(state, 1024), keep(link_trace_state)),
    link_attributes,
    dropped_links,
    arrayFilter(mark -> mark != '', [
        if(is_pending, 'pending', ''),
        if(NOT is_open AND end_nano < start_nano, 'end_before_start', ''),
        if(greatest(start_nano, end_nano) > 9223372036854775807, 'time_clamped', ''),
        /*cut*/ if(length(attribute_pairs) > {attributes_max:UInt32}, concat('attributes_cut:', toString(length(attribute_pairs))), ''),
        /*cut*/ if(length(event_name) > {attributes_max:UInt32}, concat('events_cut:', toString(length(event_name))), ''),
        /*cut*/ if(length(link_span_id) > {attributes_max:UInt32}, concat('links_cut:', toString(length(link_span_id))), ''),
        /*cut*/ if(arrayExists(text -> endsWith(text, ' bytes]') AND position(text, ' [cut by doldrums, was ') > 0, values), 'value_cut', ''),
        /*secret*/ if(redactions > 0, concat('redacted:', toString(redactions)), ''),
        '']),
    kind,
    if(input_attribute = '', input_text, ''),
    input_attribute,
    leftUTF8(input_text, 200),
    same_hash(input_text),
    if(output_attribute = '', output_text, ''),
    output_attribute,
    leftUTF8(output_text, 200),
    same_hash(output_text),
    multiIf(
        kind != 'tool' OR is_open, '',
        empty(output_text), if(hasAny(keys, {{output_attributes}}::Array(String)), 'empty', ''),
        length(answer_text) < 64 AND match(answer_text, {nothing_in_it:String}), 'empty',
        match(said, {denied:String}) OR (match(said, {bare_status:String}) AND NOT match(answer_text, {about_http:String})), '',
        -- of a traceback the line that names the exception
        leftUTF8(replaceRegexpOne(said, '(?s)^Traceback.*\\n', ''), 200)),
    {{fields}}
FROM
(
    SELECT
        *,
        -- an expression is asked of every span, whatever it is asked for: of nothing it is cheap
        if(kind = 'tool' AND NOT is_open, output_text, '') AS answer_text,
        arrayFirst(one -> one != '', extractGroups(
            if(
                multiMatchAny(left(answer_text, {beginning_characters:UInt32}), {beginning_gates:Array(String)})
                    OR multiMatchAny(answer_text, {member_gates:Array(String)}),
                answer_text, ''),
            {payload_error:String})) AS said,
        -- written once: where an attribute says it as it is, that attribute's name will do
        if(empty(input_text), '', keys[indexOf(values, input_text)]) AS input_attribute,
        if(empty(output_text), '', keys[indexOf(values, output_text)]) AS output_attribute
    FROM
    (
        SELECT *, {{input}} AS input_text, {{output}} AS output_text
        FROM
        (
            SELECT
                *,
                -- Logfire reports a span at its start by a child of it, with no length: unwrap it
                {{pending_parent}} AS pending_parent,
                pending_parent != '' AND length(parent_span_id) = 8 AS is_pending,
                is_pending OR end_nano = 0 AS is_open,
                toFixedString(substring(if(is_pending, parent_span_id, span_id), 1, 8), 8) AS id,
                toFixedString(substring(if(is_pending, unhex(pending_parent), parent_span_id), 1, 8), 8) AS parent,
                parent = toFixedString('', 8) AS is_root,
                status_code = 2 OR (status_code != 1 AND {{failed}} != '') AS is_error,
                {{kind}} AS kind
            FROM
            (
                SELECT
                    *,
                    /*secret*/ resource_redactions + redactions_in(cleared) + if(is_sensitive, redactions_in(values), 0)
                    /*secret*/     + redactions_in(arrayFlatten(arrayMap(attributes -> mapValues(attributes), event_attributes)))
                    /*secret*/     + redactions_in(arrayFlatten(arrayMap(attributes -> mapValues(attributes), link_attributes)))
                    /*secret*/     AS redactions,
                    /*apart*/ arrayFilter((key, is_apart) -> is_apart, keys, apart) AS apart_keys,
                    /*apart*/ arrayFilter((text, is_apart) -> is_apart, values, apart) AS apart_texts,
                    /*apart*/ arrayMap(text -> joint(text), apart_texts) AS apart_joints,
                    -- of each attribute: its number in the table; 0 where it is not known or says nothing
                    arrayMap(
                        (key, text) -> if(
                            left(text, 16) IN ('', '""', '{}', '[]', 'None', 'null', '<not specified>', '<REDACTED>', '__REDACTED__', '[Scrubbed due to'),
                            0::UInt16,
                            transform(key, {{attributes}}, {{slots}}, 0::UInt16)),
                        keys, values) AS slots
                FROM
                (
                    SELECT
                        *,
                        keep(attribute_pairs) AS kept,
                        arrayMap(pair -> cut(pair.key), kept) AS keys,
                        /*clear*/ arrayMap(pair -> value_text(pair), kept) AS values,
                        /*secret*/ if(
                        /*secret*/     is_sensitive,
                        /*secret*/     arrayMap((pair, text) -> cut(redact_value(pair.key, type_of(pair), text)), kept, texts),
                        -- as load_contents.sql cuts it, which redacts whatever span it is of: pieces are known by their hash
                        /*secret*/     arrayMap(text -> cut(ended(beginning(text), length(text))), texts)) AS values,
                        /*clear*/ arrayMap(pair -> type_of(pair), kept) AS types,
                        /*secret*/ arrayMap((pair, text) -> if(startsWith(text, redacted_mark), 1, type_of(pair)), kept, values) AS types,
                        /*apart*/ arrayMap(
                        -- as it came: bytes that were replaced are a text too, of which load_contents.sql has no pieces
                        /*apart*/     (text, pair, key) -> type_of(pair) = 1 AND is_content(text) AND countEqual(keys, key) = 1,
                        /*apart*/     values, kept, keys) AS apart,
                        arrayMap(event -> cut(event), keep(event_name)) AS event_names,
                        arrayMap(pairs -> to_map(keep(pairs)), keep(event_pairs)) AS event_attributes,
                        arrayMap(pairs -> to_map(keep(pairs)), keep(link_pairs)) AS link_attributes,
                        cut(name) AS span_name,
                        cut(status_message) AS status_text
                    FROM
                    (
                        -- three levels of arrays, unrolled column by column: a span as one nested tuple
                        -- has a type so large that analysing the statement took 300 ms
                        SELECT *
                        -- the rules stand in few places, each of which takes its time to be analysed, and are asked
                        -- of the few spans in which a gate finds something
                        /*secret*/ REPLACE (
                        /*secret*/     cleared[1] AS name, cleared[2] AS status_message, cleared[3] AS trace_state,
                        /*secret*/     cleared[4] AS scope_name, cleared[5] AS scope_version, cleared[6] AS scope_url,
                        /*secret*/     cleared[7] AS resource_url,
                        /*secret*/     arraySlice(cleared, 8, length(event_name)) AS event_name,
                        /*secret*/     arraySlice(cleared, 8 + length(event_name)) AS link_trace_state)
                        /*secret*/ FROM (SELECT
                        /*secret*/     *,
                        /*secret*/     if(may_be_secret(named), arrayMap(text -> redact(text), named), named) AS cleared,
                        /*secret*/     may_be_secret(arrayMap(
                        /*secret*/         (pair, text) -> concat(pair.key, '\x12', text), keep(attribute_pairs), texts)) AS is_sensitive
                        /*secret*/ FROM (SELECT
                        /*secret*/     *,
                        /*secret*/     arrayConcat(
                        /*secret*/         [name, status_message, trace_state, scope_name, scope_version, scope_url, resource_url],
                        /*secret*/         event_name, link_trace_state) AS named,
                        /*secret*/     arrayMap(pair -> plain_text(pair), keep(attribute_pairs)) AS texts
                        FROM
                        (
                            -- a level above `resource`: a name used beside its definition is analysed again with
                            -- all that it stands for, six times over, which took 30 ms an insert
                            SELECT
                                *,
                                /*secret*/ redactions_in(arrayConcat(mapValues(resource), mapValues(scope_maps))) AS resource_redactions,
                                {{resource_values}}
                            FROM
                            (
                                SELECT
                                    *,
                                    to_map(keep(resource_pairs)) AS resource,
                                    -- per scope, not per span: 2.5 us a span
                                    arrayMap(pairs -> to_map(keep(pairs)), scope_pairs) AS scope_maps
                                FROM
                                (
                                    SELECT
                                        _file AS file_name,
                                        project,
                                        received_unix_nano,
                                        resource_spans.resource.attributes AS resource_pairs,
                                        resource_spans.schema_url AS resource_url,
                                        resource_spans.scope_spans.schema_url AS scope_url,
                                        resource_spans.scope_spans.scope.attributes AS scope_pairs,
                                        resource_spans.scope_spans.scope.name AS scope_name,
                                        resource_spans.scope_spans.scope.version AS scope_version,
                                        resource_spans.scope_spans.spans.trace_id AS trace_id,
                                        resource_spans.scope_spans.spans.span_id AS span_id,
                                        resource_spans.scope_spans.spans.trace_state AS trace_state,
                                        resource_spans.scope_spans.spans.parent_span_id AS parent_span_id,
                                        resource_spans.scope_spans.spans.name AS name,
                                        resource_spans.scope_spans.spans.kind AS span_kind,
                                        resource_spans.scope_spans.spans.start_time_unix_nano AS start_nano,
                                        resource_spans.scope_spans.spans.end_time_unix_nano AS end_nano,
                                        resource_spans.scope_spans.spans.attributes AS attribute_pairs,
                                        resource_spans.scope_spans.spans.dropped_attributes_count AS dropped_attributes,
                                        resource_spans.scope_spans.spans.dropped_events_count AS dropped_events,
                                        resource_spans.scope_spans.spans.dropped_links_count AS dropped_links,
                                        resource_spans.scope_spans.spans.events.time_unix_nano AS event_nano,
                                        resource_spans.scope_spans.spans.events.name AS event_name,
                                        resource_spans.scope_spans.spans.events.attributes AS event_pairs,
                                        resource_spans.scope_spans.spans.links.trace_id AS link_trace_id,
                                        resource_spans.scope_spans.spans.links.span_id AS link_span_id,
                                        resource_spans.scope_spans.spans.links.trace_state AS link_trace_state,
                                        resource_spans.scope_spans.spans.links.attributes AS link_pairs,
                                        resource_spans.scope_spans.spans.status.message AS status_message,
                                        resource_spans.scope_spans.spans.status.code AS status_code,
                                        resource_spans.scope_spans.spans.flags AS flags
                                    FROM file({path:String}, 'Protobuf', {structure:String})
                                )
                                ARRAY JOIN
                                    resource_pairs, resource_url, scope_url, scope_pairs, scope_name, scope_version,
                                    trace_id, span_id, trace_state, parent_span_id,
                                    name, span_kind, start_nano, end_nano, attribute_pairs, event_nano, event_name, event_pairs,
                                    link_trace_id, link_span_id, link_trace_state, link_pairs, dropped_attributes, dropped_events,
                                    dropped_links, status_message, status_code, flags
                            )
                            ARRAY JOIN
                                scope_url, scope_maps, scope_name, scope_version, trace_id, span_id, trace_state, parent_span_id,
                                name, span_kind, start_nano, end_nano, attribute_pairs, event_nano, event_name, event_pairs,
                                link_trace_id, link_span_id, link_trace_state, link_pairs, dropped_attributes, dropped_events,
                                dropped_links, status_message, status_code, flags
                        )
                        ARRAY JOIN
                            trace_id, span_id, trace_state, parent_span_id,
                            name, span_kind, start_nano, end_nano, attribute_pairs, event_nano, event_name, event_pairs,
                            link_trace_id, link_span_id, link_trace_state, link_pairs, dropped_attributes, dropped_events,
                            dropped_links, status_message, status_code, flags
                        /*secret*/ ))
                    )
                )
            )
        )
    )
)
