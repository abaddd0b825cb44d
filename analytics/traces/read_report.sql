-- Everything that the current report of one span says: of those with an end the latest, else the newest.
SELECT
    input,
    input_key,
    output,
    output_key,
    tool_call_id,
    attributes,
    -- of those in `attributes`; a text that is stored apart is a string
    mapFromArrays(
        mapKeys(attributes),
        arrayMap(type -> toString(type), arrayResize(attribute_types, length(mapKeys(attributes))))) AS attribute_types,
    dropped_attributes,
    received_day,
    content_references.key AS content_keys,
    content_references.joint AS content_joints,
    content_references.ending AS content_endings,
    arrayMap(hashes -> arrayMap(hash -> lower(hex(hash)), hashes), content_references.pieces) AS content_pieces,
    resource_attributes,
    resource_schema_url,
    trim(concat(scope_name, ' ', scope_version)) AS scope,
    scope_attributes,
    scope_schema_url,
    trace_state,
    arrayMap(time -> toUnixTimestamp64Nano(time), event_times) AS event_times_ns,
    event_names,
    event_attributes,
    dropped_events,
    arrayMap(id -> lower(hex(id)), link_trace_ids) AS link_traces,
    arrayMap(id -> lower(hex(id)), link_span_ids) AS link_spans,
    link_trace_states,
    link_attributes,
    dropped_links,
    toUnixTimestamp64Nano(received) AS received_ns,
    marks
FROM spans
WHERE (project, toStartOfHour(start), trace_id) IN (
        SELECT project, hour, trace_id FROM trace_hours
        WHERE project = {project:String} AND trace_id = unhex({trace_id:String}))
    AND span_id = unhex({span_id:String})
ORDER BY open, end DESC, received DESC, progress DESC
LIMIT 1
