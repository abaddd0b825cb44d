-- The newest version when the process stopped: steps may have one that no summary was made of any more.
WITH (SELECT max(version) FROM traces) AS summarised
SELECT greatest(summarised, max(steps.version)) AS version
FROM steps
WHERE steps.version >= summarised
