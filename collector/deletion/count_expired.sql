-- Rows of what was derived that nobody keeps: of traces in which nothing arrived since the first moment that
-- their project keeps, as their version says. Version 0 is a large trace's before it is read: by its start.
SELECT
    (SELECT count() FROM steps
        WHERE version < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})) AS steps,
    (SELECT count() FROM traces
        WHERE if(version > 0, version, toUInt64(greatest(0, toUnixTimestamp64Micro(start))))
            < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})) AS traces,
    (SELECT count() FROM trace_hours
        WHERE toUInt64(toUnixTimestamp(toDateTime(noted, 'UTC'))) * 1000000
            < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})) AS trace_hours,
    (SELECT count() FROM duration_bins
        WHERE toUInt64(toUnixTimestamp(hour)) * 1000000
            < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})) AS duration_bins,
    (SELECT count() FROM chains
        WHERE version < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})) AS chains,
    (SELECT count() FROM contract_calls
        WHERE version < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})) AS contract_calls,
    (SELECT count() FROM contracts
        WHERE version < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})) AS contracts,
    (SELECT count() FROM drift_sketches
        WHERE toUInt64(toUnixTimestamp(hour)) * 1000000
            < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})) AS drift_sketches,
    (SELECT count() FROM drift_words
        WHERE toUInt64(toUnixTimestamp(hour)) * 1000000
            < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})) AS drift_words,
    (SELECT count() FROM prompt_fingerprints
        WHERE toUInt64(toUnixTimestamp(hour)) * 1000000
            < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})) AS prompt_fingerprints,
    (SELECT count() FROM drift_counts
        WHERE toUInt64(toUnixTimestamp(hour)) * 1000000
            < transform(project, {projects:Array(String)}, {kept_us:Array(UInt64)}, {kept_others_us:UInt64})
            AND match(metric, '^(field|number|label|evaluation) |^output shape$')) AS drift_counts
