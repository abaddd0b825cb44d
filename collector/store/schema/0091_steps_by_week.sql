-- Steps by the week in which they were assembled, so that what asks for those of an hour, or of late, does not merge all that
-- is stored (decision 0037), and retention rewrites few weeks. A copy is made, compared, and put in the place of the former
-- table at once: whatever is interrupted, `steps` is whole, and beginning again comes to the same.
DROP TABLE IF EXISTS steps_by_week SYNC SETTINGS max_table_size_to_drop = 0;

-- before the disk is full, which the journal is on too; the row of a SELECT would be taken for the next answer
INSERT INTO FUNCTION null('lacks UInt8') SELECT throwIf(
    (
        SELECT sum(bytes_on_disk) FROM system.parts
        WHERE database = currentDatabase() AND table = 'steps' AND active)
        >= (SELECT min(unreserved_space) FROM system.disks),
    'there is no room for a copy of steps: as much has to be free as they take');

CREATE TABLE steps_by_week AS steps
ENGINE = ReplacingMergeTree(version)
PARTITION BY toMonday(fromUnixTimestamp64Micro(version), 'UTC')
ORDER BY (project, trace_id, span_id)
SETTINGS
    -- `assembled` may not be ahead of this after a power cut
    fsync_after_insert = 1,
    fsync_part_directory = 1,
    min_rows_to_fsync_after_merge = 1,
    min_compressed_bytes_to_fsync_after_merge = 1,
    max_parts_to_merge_at_once = 8;

INSERT INTO steps_by_week SELECT * FROM steps
SETTINGS
    -- as many weeks as there are
    max_partitions_per_insert_block = 0,
    -- what is written at once is in memory
    max_insert_threads = 1, min_insert_block_size_rows = 250000, min_insert_block_size_bytes = 100000000;

-- the engine may say that it wrote what it did not
INSERT INTO FUNCTION null('differs UInt8') SELECT throwIf(
    (SELECT (count(), sum(cityHash64(project, trace_id, span_id, version))) FROM steps FINAL)
        != (SELECT (count(), sum(cityHash64(project, trace_id, span_id, version))) FROM steps_by_week FINAL),
    'the copy of steps is not whole');

EXCHANGE TABLES steps AND steps_by_week;

DROP TABLE steps_by_week SYNC SETTINGS max_table_size_to_drop = 0
