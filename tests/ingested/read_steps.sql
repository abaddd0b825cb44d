-- What assembly made of one project's spans.
SELECT
    kind, agent, tool, model, session, user, state, status, handoff_to, waiting_on,
    input_tokens, output_tokens, tokens_counted
FROM steps FINAL
WHERE project = {project:String}
