-- The columns of the seed's spans that lists and trees read: keys are compared on these.
CREATE TABLE seed_narrow ENGINE = MergeTree ORDER BY tuple() AS
SELECT
    project, received_day, received::DateTime64(9, 'UTC') AS received, trace_id, span_id, parent_span_id, name, kind, agent,
    service, tool, model, session, start, end, open, status, error_type, error_message, input_tokens, output_tokens
FROM seed_spans
