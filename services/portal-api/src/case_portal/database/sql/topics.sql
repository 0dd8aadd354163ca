-- Numbers of cases by topic.

-- name: count
-- The numbers of cases that were created in a period and of their contacts, by topic and group.
SELECT coalesce(state #>> ARRAY['fields', %(field)s], '') AS topic, {groups},
    count(*) AS cases, count(DISTINCT contact) AS contacts
FROM snapshots
WHERE tenant = %(tenant)s AND created_at >= %(since)s AND created_at < %(until)s {only}
GROUP BY topic, by_group;
