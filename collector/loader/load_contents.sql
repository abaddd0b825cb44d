-- The pieces of long texts in segments that are not stored yet today, each once.
INSERT INTO contents (received_day, project, hash, text)
SETTINGS
    max_threads = 1, max_insert_threads = 1, async_insert = 0, max_memory_usage = 1200000000,
    enable_materialized_cte = 1, format_schema = '{{schema}}:Request'
WITH
    {{redaction}},
    {{pieces}},
    arriving AS MATERIALIZED
    (
        SELECT project, hash_of(piece) AS hash, any(piece) AS text
        FROM
        (
            SELECT project, arrayJoin(pieces(text, joint(text))) AS piece
            FROM
            (
                SELECT
                    /*clear*/ cut(assumeNotNull(arrayJoin(keep(attribute_pairs).value.string_value))) AS text,
                    /*secret*/ arrayJoin(keep(attribute_pairs)) AS pair,
                    /*secret*/ cut(redact_value(pair.key, 1, assumeNotNull(pair.value.string_value))) AS text,
                    project
                FROM
                (
                    SELECT project, arrayJoin(arrayJoin(arrayJoin(resource_spans.scope_spans.spans.attributes))) AS attribute_pairs
                    FROM file({path:String}, 'Protobuf', {structure:String})
                )
            )
            WHERE is_content(text)
        )
        GROUP BY project, hash
    )
SELECT {day:Date}, project, hash, text
FROM arriving
WHERE (project, hash) NOT IN
(
    SELECT project, hash FROM contents
    WHERE received_day = {day:Date} AND (project, hash) IN (SELECT project, hash FROM arriving)
)
