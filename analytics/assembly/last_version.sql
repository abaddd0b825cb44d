-- How far assembly had come when the process stopped.
SELECT max(version) AS version FROM traces
