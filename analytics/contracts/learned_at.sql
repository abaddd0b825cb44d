-- What was learned at some boundaries; a place is a boundary's hash, its project and version.
SELECT project, source, kind, agent, name, side, agent_version, calls, schema, problem, learned
FROM contracts FINAL
WHERE source = 'learned' AND project IN {projects:Array(String)}
    AND concat(boundary, project, ' ', agent_version) IN {places:Array(String)}
