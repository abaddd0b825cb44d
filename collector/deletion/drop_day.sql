-- All that was received on a day that no project keeps.
ALTER TABLE {table:Identifier} DROP PARTITION {day:String}
