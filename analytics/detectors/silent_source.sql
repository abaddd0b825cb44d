-- Processes, services and projects that send far less than usual: fewer reports of spans in the last 30 s than a fifth
-- of the median of such periods in the hour before (empty ones count: who is quiet has no median). With those that are
-- watched, and for each the periods of the last hour, newest first.
-- Segments have ids by the time they were begun: older parts are not looked into.
WITH
    {now_ns:Int64} - 3630000000000 AS since_ns,
    counted AS
    (
        SELECT
            project,
            service,
            service_instance,
            grouping(service) AS of_project,
            grouping(service_instance) AS of_service,
            intDiv({now_ns:Int64} - toUnixTimestamp64Nano(received), 30000000000) AS period,
            count() AS reports,
            max(received) AS newest
        FROM spans
        WHERE received_day >= toDate(fromUnixTimestamp64Nano(since_ns, 'UTC'))
            AND segment >= {since_segment:String}
            AND received > fromUnixTimestamp64Nano(since_ns, 'UTC')
            AND received <= fromUnixTimestamp64Nano({now_ns:Int64}, 'UTC')
        GROUP BY GROUPING SETS (
            (project, service, service_instance, period), (project, service, period), (project, period))
    ),
    sources AS
    (
        SELECT
            project,
            if(of_project = 1, '', service) AS service_name,
            if(of_service = 1, '', service_instance) AS instance,
            of_service,
            groupArrayInsertAt(0, 121)(reports, toUInt32(period)) AS periods,
            arraySort(arraySlice(periods, 2))[61] AS usual,
            max(newest) AS heard,
            -- names are of any length
            lower(hex(MD5(concat(service_name, '\n', instance)))) AS fingerprint
        FROM counted
        WHERE of_service = 1 OR service_instance != ''
        GROUP BY project, service_name, instance, of_service, of_project
        HAVING of_project = 1 OR service_name != ''
    )
SELECT
    project,
    fingerprint,
    service_name AS service,
    instance AS service_instance,
    periods,
    usual,
    arraySum(periods) AS reports,
    toUnixTimestamp64Nano(heard) AS heard_ns
FROM sources
WHERE periods[1] < {silent_ratio:Float64} * usual
    OR concat(fingerprint, project) IN {watched:Array(String)}
    -- the services of silent processes tell whether others do their work
    OR (of_service = 1 AND service_name != '')
ORDER BY
    concat(fingerprint, project) IN {watched:Array(String)} DESC,
    row_number() OVER (PARTITION BY project ORDER BY
        periods[1] < {silent_ratio:Float64} * usual DESC, usual DESC, service, service_instance),
    project
LIMIT {rows_max:UInt32}
