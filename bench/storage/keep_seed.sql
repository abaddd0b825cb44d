-- What the real loader and assembly wrote, as it is now: copies are made of this.
CREATE TABLE {seed:Identifier} ENGINE = MergeTree ORDER BY tuple() AS SELECT * FROM {table:Identifier}
