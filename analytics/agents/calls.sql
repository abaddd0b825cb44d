-- Every time that one agent's work began within another's, or was handed over to it, in the spans that began in
-- [since_ns, until_ns). A call is a span whose agent is another than its parent's; '' calls where the parent is
-- unknown or no agent's. `how`: in a `call` the caller's span contains it; after a `handoff` the caller may end.
-- `limited`: its framework stopped the trace, for it went on for too long.
-- One trace in `one_in` is read, by its id, so that their steps are `steps_max` or fewer, and one after the other in
-- the order of the key: the memory is that of some traces. What a trace has beyond 100,000 spans is left out.
-- Parents are found by sorting the ends of links, each own id before those that name it: no function of an array
-- looks into another one, which would be copied for each of its elements.
WITH
    fromUnixTimestamp64Nano({since_ns:Int64}, 'UTC') AS since,
    fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC') AS until,
    (
        SELECT intDiv(count(), {steps_max:UInt64}) + 1
        FROM steps
        WHERE _partition_value.1 + 8 > since AND start >= since AND start < until
    ) AS one_in
SELECT
    project,
    trace_id,
    one_in,
    limited,
    (arrayJoin(arrayConcat(
        arrayMap(
            (link, caller) -> (caller, link.3, 'call', link.4, link.5, link.6, link.7),
            arrayFilter((link, caller) -> link.2 = 1 AND caller != link.3, links, callers),
            arrayFilter((caller, link) -> link.2 = 1 AND caller != link.3, callers, links)),
        handoffs)) AS made).1 AS caller,
    made.2 AS callee,
    made.3 AS how,
    made.4 AS start,
    made.5 AS end,
    made.6 AS span_id,
    made.7 AS instance
FROM
(
    SELECT
        project,
        trace_id,
        max(status = 'error' AND multiSearchAnyCaseInsensitive(error_type, [
            'recursion', 'maxturns', 'max_turns', 'maxsteps', 'max_steps', 'maxiter', 'max_iter', 'usagelimit'])) AS limited,
        groupArrayIf(100000)(
            (agent, handoff_to, 'handoff', start, end, span_id, ''),
            agent != '' AND handoff_to NOT IN ('', agent)) AS handoffs,
        arraySort(link -> (link.1, link.2), arrayConcat(
            groupArray(100000)((span_id, 0, agent, start, end, span_id, '')),
            groupArrayIf(100000)(
                (parent_span_id, 1, agent, start, end, span_id, concat(service_instance, ' ', agent_id)),
                agent != ''))) AS links,
        arrayMap(
            (own, link) -> if(own.2 = 0 AND own.1 = link.1, own.3, ''),
            arrayFill(link -> link.2 = 0, links),
            links) AS callers
    FROM steps FINAL
    WHERE
        -- weeks in which it may have been assembled, be a clock a day ahead: FINAL merges what it reads
        _partition_value.1 + 8 > since
        AND start >= since
        AND start < until
        AND sipHash64(trace_id) % one_in = 0
    GROUP BY project, trace_id
)
