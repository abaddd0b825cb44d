-- What no project keeps of it: counts by what was said (erase_said.sql). The others have nobody's words, and a reference
-- is learned from four weeks of them, however short a project keeps its traces.
ALTER TABLE drift_counts DELETE
WHERE toUInt64(toUnixTimestamp(hour)) * 1000000
        < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})
    AND match(metric, '^(field|number|label|evaluation) |^output shape$')
SETTINGS mutations_sync = 2
