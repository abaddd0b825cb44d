-- What is known of a project's boundaries, or of one, that nobody wrote down: the newest first. Where
-- a source is asked for, those that have a schema.
SELECT boundary, source, kind, agent, name, side, agent_version, version, calls, schema, problem, learned
FROM contracts FINAL
WHERE project = {project:String}
    AND ({boundary:String} = '' OR boundary = {boundary:String})
    AND ({source:String} = '' OR (source = {source:String} AND schema != ''))
ORDER BY version DESC
LIMIT {rows_max:UInt32}
