-- Contracts that are kept, the newest of each project.
SELECT project, source, kind, agent, name, side, agent_version, calls, schema, problem, learned
FROM contracts FINAL
ORDER BY version DESC
LIMIT {project_max:UInt32} BY project
