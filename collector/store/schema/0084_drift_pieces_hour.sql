-- Of small hours many are counted at once.
ALTER TABLE drift_pieces
    ADD COLUMN IF NOT EXISTS hour DateTime('UTC') AFTER project,
    MODIFY ORDER BY (
        project, environment, metric, agent, operation, subject, agent_version, is_total, category, bin, hour)
