-- Counts by what was said, in some hours: words of fields and labels, and paths, may be a person's. Numbers, and counts
-- by the names of software and by words of our own, stay.
ALTER TABLE drift_counts DELETE
WHERE project = {project:String} AND toUnixTimestamp(hour) IN {hours:Array(UInt32)}
    AND match(metric, '^(field|number|label|evaluation) |^output shape$')
SETTINGS mutations_sync = 2
