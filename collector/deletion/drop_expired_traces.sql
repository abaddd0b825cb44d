-- What no project keeps of it: see count_expired.sql.
ALTER TABLE traces DELETE
WHERE if(version > 0, version, toUInt64(greatest(0, toUnixTimestamp64Micro(start))))
    < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})
SETTINGS mutations_sync = 2
