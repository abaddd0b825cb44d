-- Write down again the schemas of tools that are in use, so that retention leaves them; a place is a boundary's hash, its
-- project and version.
INSERT INTO contracts
SELECT project, source, kind, agent, name, side, agent_version, boundary, {now_us:UInt64}, calls, schema, problem, learned, drifts
FROM contracts FINAL
WHERE source = 'tool' AND project IN {projects:Array(String)}
    AND concat(boundary, project, ' ', agent_version) IN {places:Array(String)}
