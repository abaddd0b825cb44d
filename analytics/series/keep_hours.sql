-- Puts the pieces of hours that were counted into `drift_counts`: the higher version replaces each hour as a whole. Of each
-- series the {categories_max} commonest categories of an hour are kept and of each project the {series_max} largest series;
-- what is beyond them is `other`. Of an hour whose steps a project keeps no more, what was counted stays as it is.
INSERT INTO drift_counts (
    project, hour, environment, agent, operation, subject, metric, agent_version, category, bin, n, traces, version)
WITH
    kept AS
    (
        SELECT series
        FROM
        (
            SELECT project, hour, sipHash64(project, hour, environment, agent, operation, subject, metric) AS series, sum(n) AS series_n
            FROM drift_pieces
            GROUP BY project, hour, series
            ORDER BY project, hour, series_n DESC, series
            LIMIT {series_max:UInt32} BY project, hour
        )
    ),
    common AS
    (
        SELECT series, category
        FROM
        (
            SELECT
                sipHash64(project, hour, environment, agent, operation, subject, metric) AS series, category, sum(n) AS category_n
            FROM drift_pieces
            WHERE category != ''
            GROUP BY series, category
            ORDER BY series, category_n DESC, category
            LIMIT {categories_max:UInt32} BY series
        )
    )
SELECT
    project,
    hour,
    environment,
    if(is_kept, pieces.agent, 'other') AS agent,
    if(is_kept, pieces.operation, '') AS operation,
    if(is_kept, pieces.subject, '') AS subject,
    metric,
    if(is_kept, pieces.agent_version, '') AS agent_version,
    if(pieces.category = '' OR (series, pieces.category) IN common, pieces.category, 'other') AS category,
    bin,
    sum(pieces.n) AS n,
    sum(pieces.traces) AS traces,
    {version:UInt64} AS version
FROM
(
    SELECT *, sipHash64(project, hour, environment, agent, operation, subject, metric) AS series, series IN kept AS is_kept
    FROM drift_pieces
    WHERE toUInt64(toUnixTimestamp(hour)) * 1000000
        >= transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})
) AS pieces
GROUP BY project, hour, environment, agent, operation, subject, metric, agent_version, category, bin
-- one part: it is there or it is not
SETTINGS max_insert_threads = 1, min_insert_block_size_rows = 10000000, min_insert_block_size_bytes = 4000000000
