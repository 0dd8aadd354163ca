-- Numbers of cases: created, solved, closed and reopened in a period, open, rated.

-- name: count_volumes
-- The numbers of cases that were created, solved, closed and reopened in a period, by group.
WITH happened AS (
    SELECT 'came' AS kind, created_at AS at, snapshots.case_id
    FROM snapshots
    WHERE snapshots.tenant = %(tenant)s AND created_at >= %(since)s AND created_at < %(until)s
    UNION ALL
    SELECT document ->> 'kind', documents.at, documents.case_id
    FROM documents
    WHERE documents.tenant = %(tenant)s
        AND key LIKE 'turn:%%'
        AND documents.at >= %(since)s
        AND documents.at < %(until)s
)
SELECT {groups},
    count(*) FILTER (WHERE kind = 'came') AS came,
    count(*) FILTER (WHERE kind = 'solved') AS solved,
    count(*) FILTER (WHERE kind = 'closed') AS closed,
    count(*) FILTER (WHERE kind = 'reopened') AS reopened
FROM happened
JOIN snapshots USING (case_id)
WHERE true {only}
GROUP BY by_group
ORDER BY by_group;

-- name: count_backlog
-- The numbers of cases that were open at an instant in five bands of age, by group.
SELECT {groups},
    count(*) FILTER (WHERE created_at > %(age_0)s) AS band_0,
    count(*) FILTER (WHERE created_at <= %(age_0)s AND created_at > %(age_1)s) AS band_1,
    count(*) FILTER (WHERE created_at <= %(age_1)s AND created_at > %(age_2)s) AS band_2,
    count(*) FILTER (WHERE created_at <= %(age_2)s AND created_at > %(age_3)s) AS band_3,
    count(*) FILTER (WHERE created_at <= %(age_3)s) AS band_4,
    min(created_at) AS oldest
FROM snapshots
WHERE snapshots.tenant = %(tenant)s
    AND created_at <= %(at)s
    AND coalesce((
        SELECT turn.document ->> 'kind'
        FROM documents AS turn
        WHERE turn.case_id = snapshots.case_id AND turn.key LIKE 'turn:%%' AND turn.at <= %(at)s
        ORDER BY turn.key DESC
        LIMIT 1
    ), '') <> ALL(%(ended)s) {only}
GROUP BY by_group
ORDER BY oldest, by_group;

-- name: count_ratings
-- The number of cases that were rated in a period, and the sum of their stars, by group.
SELECT {groups}, count(*) AS cases, sum(stars) AS stars
FROM (SELECT rated_at AS at, snapshots.* FROM snapshots) AS snapshots
WHERE snapshots.tenant = %(tenant)s AND rated_at >= %(since)s AND rated_at < %(until)s {only}
GROUP BY by_group
ORDER BY by_group;

-- fragment: field
-- A field of the case type, as text.
coalesce(snapshots.state #>> ARRAY['fields', {field}], '')
