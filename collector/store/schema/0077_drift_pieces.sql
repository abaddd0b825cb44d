-- Counts of the hour that is being counted: of its steps, a range of traces at a time, of texts and of evaluations. They
-- go into `drift_counts` by one statement, and are gone before the next hour is counted: nobody else reads them.
CREATE TABLE drift_pieces
(
    project LowCardinality(String),
    environment LowCardinality(String),
    agent String,
    operation LowCardinality(String),
    subject String,
    metric LowCardinality(String),
    agent_version LowCardinality(String),
    category String,
    bin Int16,
    -- of a metric and version as a whole: says of how many traces, and counts nothing
    is_total Bool,
    n UInt64,
    traces UInt64
)
ENGINE = SummingMergeTree((n, traces))
ORDER BY (project, environment, metric, agent, operation, subject, agent_version, is_total, category, bin)
