-- What no project keeps of it: see count_expired.sql.
ALTER TABLE prompt_fingerprints DELETE
WHERE toUInt64(toUnixTimestamp(hour)) * 1000000
    < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})
SETTINGS mutations_sync = 2
