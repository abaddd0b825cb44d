-- Fingerprints of the prompts and tools of {agents} agents in each of {hours} hours until {until_s}: of each kind three that change
-- every ten days, of fifty sentences; one agent in ten has one that is made up every hour.
INSERT INTO prompt_fingerprints (
    project, hour, environment, agent, what, fingerprint, calls, traces, some_traces, part_names, part_hashes, version)
SELECT
    'fleet',
    toDateTime({until_s:Int64} - 3600 * intDiv(number, {agents:UInt32} * 6), 'UTC') AS at,
    'production',
    concat('agent ', toString(number % {agents:UInt32} AS place)) AS whose,
    if(intDiv(number, {agents:UInt32}) % 2 = 0, 'prompt', 'tool set') AS kind,
    hex(sipHash64(whose, kind, intDiv(number, {agents:UInt32} * 2) % 3 AS which, intDiv(toUnixTimestamp(at), if(which = 2 AND place % 10 = 0, 3600, 864000)))) AS fingerprint,
    10,
    10,
    arrayMap(i -> sipHash64(number, i), range(3)),
    arrayMap(i -> if(kind = 'prompt', '', concat('tool ', toString(i))), range(50)),
    arrayMap(i -> sipHash64(fingerprint, i), range(50)),
    1
FROM numbers({agents:UInt64} * 6 * {hours:UInt64})
