-- Of the sessions in which an error chain occurred in [from, until): how many went on afterwards with another trace, and
-- in how many of those a later one failed.
WITH
    first AS
    (
        SELECT session, min(chain.failed) AS occurred, groupUniqArray(trace_id) AS traces_with
        FROM chains FINAL
        ARRAY JOIN chains AS chain
        WHERE project = {project:String} AND version >= {known_version:UInt64} AND session != ''
            AND chain.fingerprint = {fingerprint:String}
            AND least(toUnixTimestamp64Nano(chain.failed), version * 1000)::Int64 BETWEEN {from_ns:Int64} AND {until_ns:Int64} - 1
            AND ({environment:String} = '' OR environment = {environment:String})
        GROUP BY session
    )
SELECT
    uniqExact(session) AS sessions,
    uniqExactIf(session, is_later) AS went_on,
    uniqExactIf(session, is_later AND status = 'error') AS failed_later
FROM
(
    SELECT first.session AS session, traces.status AS status, traces.trace_id != toFixedString('', 16)
        AND traces.start >= occurred AND NOT has(traces_with, traces.trace_id) AS is_later
    FROM first
    LEFT JOIN
    (
        SELECT session, trace_id, start, status
        FROM traces FINAL
        WHERE project = {project:String} AND session IN (SELECT session FROM first)
            AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
    ) AS traces ON traces.session = first.session
)
