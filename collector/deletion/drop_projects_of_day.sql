-- What was received on a day of projects that do not keep it, while others do.
ALTER TABLE {table:Identifier} DELETE IN PARTITION {day:String}
WHERE project IN {projects:Array(String)}
SETTINGS mutations_sync = 2
