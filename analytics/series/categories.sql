-- Names of the categories of series of a metric in [from, until), by their CRC-32.
SELECT
    project,
    toInt64(CRC32(category)) AS item,
    any(category) AS name
FROM drift_counts
WHERE hour >= toDateTime({from_s:Int64}, 'UTC') AND hour < toDateTime({until_s:Int64}, 'UTC')
    AND project = {project:String}
    AND ({environment:String} = '*' OR environment = {environment:String})
    AND ({metric:String} = '' OR metric = {metric:String})
    AND sipHash64(environment, agent, operation, subject, metric) IN {series:Array(UInt64)}
    AND category != ''
GROUP BY project, item
LIMIT {rows_max:UInt32}
