-- The current report of every span of the traces in a range of ids that some segments touch, but for the
-- large ones, or of the traces whose turn it is, up to some span: of those with an end the latest, else the
-- newest; whatever the order of arrival. Sorted by project, trace and span.
SELECT
    project, trace_id, span_id, parent_span_id, received, environment, service, service_instance,
    agent_version, name, kind, agent, agent_id, operation, tool, tool_call_id, model, provider,
    session, user, start, end, open, status, error_type, error_message, input_tokens, output_tokens,
    finish_reasons, attempt, cached_tokens, reasoning_tokens, cost_usd, first_token_s, handoff_from, handoff_to, waiting_on, wait_reason,
    wait_resource, wait_needed, wait_timeout_s, holds, holds_capacity, input_hash, output_hash, payload_error
FROM spans
WHERE (project, toStartOfHour(start), trace_id) IN selected
    AND (start, span_id) <= (
        fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC'), toFixedString(unhex({until_span:String}), 8))
ORDER BY project, trace_id, span_id, open, end DESC, received DESC, progress DESC
LIMIT 1 BY project, trace_id, span_id
