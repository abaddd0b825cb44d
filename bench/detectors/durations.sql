-- Counts of an hour, as duration_bins.sql writes them: of each of {works} kinds of work {bins} durations.
INSERT INTO duration_bins (project, hour, kind, agent, operation, tool, model, agent_version, bin, outcome, n, version)
SELECT
    concat('project ', toString(work % 3)),
    toDateTime({hour_s:Int64}, 'UTC'),
    if(work % 2, 'tool', 'llm') AS kind_now,
    concat('agent ', toString(work % 500)),
    if(work % 2, 'execute_tool', 'chat'),
    if(work % 2, concat('tool ', toString(work)), ''),
    if(work % 2, '', concat('model ', toString(work))),
    '1',
    toInt16(100 + work % 40 + 3 * place + cityHash64(work, {hour_s:Int64}, place) % 3),
    if(cityHash64(work, place) % 50 = 0, 'censored', 'ended'),
    1 + cityHash64(work, place, {hour_s:Int64}) % 5,
    {hour_s:Int64}
FROM (SELECT intDiv(number, {bins:UInt64}) AS work, number % {bins:UInt64} AS place
      FROM numbers({works:UInt64} * {bins:UInt64}))
