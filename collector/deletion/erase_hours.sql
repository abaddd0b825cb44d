-- What was counted of texts in some hours: of few texts, a sum says much of one.
ALTER TABLE {table:Identifier} DELETE
WHERE project = {project:String} AND toUnixTimestamp(hour) IN {hours:Array(UInt32)}
SETTINGS mutations_sync = 2
