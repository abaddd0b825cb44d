-- The parts of `contents` that were not merged yet and hold pieces which some segments name: what a merge
-- read was checked by that.
SELECT table, name, path, bytes_on_disk
FROM system.parts
WHERE database = currentDatabase() AND table = 'contents' AND active AND min_block_number = max_block_number
    AND name IN (
        SELECT DISTINCT _part FROM contents
        WHERE received_day = {day:Date}
            AND (project, hash) IN (
                SELECT project, arrayJoin(arrayFlatten(content_references.pieces)) FROM spans
                WHERE received_day = {day:Date} AND segment IN {segments:Array(String)}))
