-- Traces in which a series may have calls that ended in [from, until) at hours of {classes:Array(UInt8)} (of the day; those of a
-- weekend from 24 on): of its agent, drawn by chance. Those of its environment come first, and of a root those that it begins.
-- Not FINAL, which would merge all of a week for it: what is named twice, or stands elsewhere by now, harms nobody who asks its steps.
SELECT
    lower(hex(trace_id)) AS trace,
    spans
FROM traces
WHERE project = {project:String}
    AND start >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC') - toIntervalDay(1)
    AND start < fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC')
    AND end >= fromUnixTimestamp64Nano({from_ns:Int64}, 'UTC')
    AND (has({classes:Array(UInt8)}, toHour(start) + if(toDayOfWeek(start) > 5, 24, 0))
        OR has({classes:Array(UInt8)}, toHour(end) + if(toDayOfWeek(end) > 5, 24, 0))
        OR end >= start + toIntervalHour(1))
    -- no more than a hundred are named there
    AND ({agent:String} = '' OR length(agents) >= 100 OR has(arrayMap(one -> leftUTF8(one, 200), agents), {agent:String}))
ORDER BY environment = {environment:String} DESC, leftUTF8(name, 200) = {subject:String} DESC, sipHash64(trace_id)
LIMIT {traces_max:UInt32}
