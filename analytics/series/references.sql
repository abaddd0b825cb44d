-- What every series is compared with.
SELECT
    project, series, environment, agent, operation, subject, metric, base64Encode(reference) AS reference,
    toInt64(toUnixTimestamp(learned_from)) AS from_s,
    toInt64(toUnixTimestamp(learned_until)) AS until_s
FROM drift_references FINAL
