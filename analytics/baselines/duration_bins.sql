-- Counts durations of the given hours anew; the higher version replaces those hours as a whole.
-- Cut off by a cancellation or a timeout is censored: the work would have gone on.
-- The hour is that in which a span ended, so an hour that is over changes by late data alone.
-- Open spans are looked at for a day; what took longer is left out here too.
INSERT INTO duration_bins (project, hour, kind, agent, operation, tool, model, agent_version, bin, outcome, n, version)
SELECT
    project,
    toStartOfHour(end) AS hour,
    kind,
    agent,
    operation,
    tool,
    model,
    agent_version,
    toInt16(floor(log(greatest(duration_s, 0.001)) / log(1.05))) AS bin,
    if(
        state = 'cancelled'
        OR (
            status = 'error'
            AND (
                multiSearchAnyCaseInsensitive(error_type, ['timeout', 'timedout', 'timed_out', 'timed out', 'deadline', 'cancel'])
                OR error_type IN ('408', '504')
            )
        ),
        'censored',
        'ended'
    ) AS outcome,
    count() AS n,
    toUnixTimestamp64Nano(now64(9)) AS version
FROM steps FINAL
WHERE
    -- weeks in which it may have been assembled, be a clock a day ahead: FINAL merges what it reads
    _partition_value.1 + 8 > toDateTime({from_s:Int64}, 'UTC')
    AND start >= toDateTime64({from_s:Int64} - 86400, 9, 'UTC')
    AND start < toDateTime64({to_s:Int64}, 9, 'UTC')
    AND end >= toDateTime64({from_s:Int64}, 9, 'UTC')
    AND end < toDateTime64({to_s:Int64}, 9, 'UTC')
    AND toUnixTimestamp(toStartOfHour(end)) IN {hours:Array(UInt32)}
    AND state IN ('ended', 'cancelled')
    AND duration_s BETWEEN 0 AND 86400
GROUP BY project, hour, kind, agent, operation, tool, model, agent_version, bin, outcome
