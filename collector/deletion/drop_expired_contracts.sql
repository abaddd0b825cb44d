-- What no project keeps of it: see count_expired.sql.
ALTER TABLE contracts DELETE
WHERE version
    < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})
SETTINGS mutations_sync = 2
