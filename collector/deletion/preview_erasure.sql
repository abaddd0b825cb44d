-- What would be erased now: whole traces in which a span names the user or the session.
WITH named AS
(
    SELECT DISTINCT trace_id
    FROM spans
    WHERE project = {project:String} AND if({kind:String} = 'user', user, session) = {value:String} AND {value:String} != ''
)
SELECT
    (SELECT count() FROM named) AS traces,
    (SELECT count() FROM spans WHERE project = {project:String} AND trace_id IN named) AS spans,
    (SELECT count() FROM span_logs WHERE project = {project:String} AND trace_id IN named) AS span_logs
