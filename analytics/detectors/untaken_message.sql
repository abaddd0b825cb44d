-- Of each topic how many of its messages were taken, how soon, and which were not though it is time: by the spans that
-- send and those that take, of the last hours, the newest of each project. A message is taken by a span that links to its
-- sender, lies right below it, names its id, or belongs to its conversation and began later. What sends a batch links to
-- its messages, which have spans of their own; what failed to send sent nothing. Topics without a name that lasts, and
-- those nobody is seen to take from, as fire and forget, are no rows.
WITH
    fromUnixTimestamp64Nano({until_ns:Int64}, 'UTC') AS until,
    until - toIntervalSecond({window_s:UInt32}) AS since,
    messages AS
    (
        SELECT
            project,
            trace_id,
            span_id,
            service,
            agent,
            start,
            end,
            kind = 'message_send' OR (kind != 'message_process' AND span_kind = 4) AS is_sent,
            replaceRegexpAll(
                left(coalesce(
                    nullIf(attributes['messaging.destination.template'], ''),
                    nullIf(attributes['messaging.destination.name'], ''),
                    attributes['messaging.destination']), 500),
                '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9]+', '*') AS topic,
            if(is_sent, concat(trace_id, span_id), concat(trace_id, parent_span_id)) AS own,
            coalesce(nullIf(attributes['messaging.message.id'], ''), attributes['messaging.message_id']) AS message,
            coalesce(
                nullIf(attributes['messaging.message.conversation_id'], ''),
                attributes['messaging.conversation_id']) AS conversation,
            arrayConcat(
                [own],
                if(message = '', [], [concat('message ', message)]),
                if(conversation = '', [], [concat('conversation ', conversation)]),
                if(is_sent, [], arrayMap((trace, span) -> concat(trace, span), link_trace_ids, link_span_ids))) AS marks
        FROM spans
        WHERE received_day >= toDate(since) AND received >= since AND received < until
            AND (kind IN ('message_send', 'message_process') OR span_kind IN (4, 5))
            AND NOT (is_sent AND (open OR status = 2 OR notEmpty(link_span_ids)))
        ORDER BY received DESC
        LIMIT {messages_max:UInt32} BY project
        LIMIT {all_messages_max:UInt32}
    ),
    takes AS
    (
        SELECT project, arrayJoin(marks) AS mark, max(start) AS taken, any(service) AS taker
        FROM messages
        WHERE NOT is_sent
        GROUP BY project, mark
    ),
    sent AS
    (
        SELECT
            project,
            topic,
            trace_id,
            span_id,
            any(service) AS sender,
            any(agent) AS sending,
            any(start) AS began,
            any(end) AS ended,
            -- clocks of two machines may differ by a second
            maxIf(taken, taken >= start - toIntervalSecond(1)) AS taken_at,
            taken_at != fromUnixTimestamp64Nano(0, 'UTC') AS is_taken,
            anyIf(taker, taken >= start - toIntervalSecond(1)) AS taken_by
        FROM (SELECT *, arrayJoin(marks) AS mark FROM messages WHERE is_sent AND topic != '') AS marked
        LEFT JOIN takes ON takes.project = marked.project AND takes.mark = marked.mark
        GROUP BY project, topic, trace_id, span_id
    ),
    usual AS
    (
        SELECT
            project AS usual_project,
            topic AS usual_topic,
            countIf(is_taken) AS taken_count,
            maxIf(began, is_taken) AS last_taken,
            quantileIf(0.99)(greatest(0, dateDiff('millisecond', ended, taken_at)) / 1000, is_taken) AS q99_s,
            until - toIntervalMillisecond(
                toInt64(1000 * greatest({overdue_s_min:Float64}, {multiplier:Float64} * q99_s))) AS due
        FROM sent
        GROUP BY project, topic
        HAVING taken_count >= {taken_min:UInt32}
    )
SELECT
    project,
    topic,
    any(taken_count) AS taken,
    countIf(began <= last_taken AND (is_taken OR ended < due)) AS before,
    any(q99_s) AS taken_q99_s,
    countIf(NOT is_taken AND ended < due) AS overdue,
    toUnixTimestamp64Nano(minIf(ended, NOT is_taken AND ended < due)) AS since_ns,
    arraySort(groupUniqArrayIf(5)(sending, NOT is_taken AND ended < due AND sending != '')) AS agents,
    groupUniqArray(5)(sender) AS senders,
    groupUniqArrayIf(5)(taken_by, is_taken) AS takers,
    arraySort(groupArrayIf(5)((lower(hex(trace_id)), lower(hex(span_id))), NOT is_taken AND ended < due)) AS places
FROM sent
INNER JOIN usual ON usual_project = project AND usual_topic = topic
GROUP BY project, topic
ORDER BY concat(project, '/topic:', topic) IN {watched:Array(String)} DESC, overdue DESC, project, topic
LIMIT {topics_max:UInt32} BY project
