-- Readings of clocks, for reports about promises.

-- fragment: last_readings
-- Finds the cases with a reading in the period, by index, and then the last reading of each of
-- their cycles that was known at the instant `as_of`.
WITH touched AS (
    SELECT DISTINCT case_id
    FROM documents
    WHERE key LIKE 'reading:%%'
        AND tenant = %(tenant)s
        AND at >= %(since)s
        AND at < %(until)s
        AND (%(viewing_agent)s::text IS NULL OR case_id <> ALL (ARRAY(
            SELECT case_id
            FROM snapshots
            WHERE snapshots.tenant = %(tenant)s
                AND cardinality(hidden_from) > 0
                AND %(viewing_agent)s = ANY (hidden_from)
        )))
), known AS (
    SELECT case_id, key, document, at
    FROM touched
    JOIN documents USING (case_id)
    WHERE key LIKE 'reading:%%'
        AND tenant = %(tenant)s
        AND portal_instant(document ->> 'recorded_at') <= %(as_of)s
), last AS (
    SELECT DISTINCT ON (case_id, document ->> 'target', document ->> 'cycle')
        case_id, document, at
    FROM known
    WHERE document ->> 'kind' <> 'answered'
    ORDER BY case_id, document ->> 'target', document ->> 'cycle', key DESC
), counted AS (
    SELECT *
    FROM last
    WHERE document ->> 'kind' = ANY(%(counted)s)
        AND at >= %(since)s
        AND at < %(until)s {only}
)

-- name: attainment
-- The numbers of kept, missed and unanswered promises, by group and promised share.
{last_readings}
SELECT {groups}, (document ->> 'promised')::float8 AS promised,
    count(*) FILTER (WHERE document ->> 'kind' = 'met') AS kept,
    count(*) FILTER (WHERE document ->> 'kind' = 'breached') AS missed,
    count(*) FILTER (WHERE document ->> 'kind' = 'excluded') AS unanswered
FROM counted
GROUP BY {names}, promised
ORDER BY {names}, promised;

-- name: breaches
-- The missed promises, oldest first, with the late answer, if there is one.
{last_readings}
SELECT document, (
    SELECT answer.document
    FROM known AS answer
    WHERE answer.case_id = counted.case_id
        AND answer.document ->> 'kind' = 'answered'
        AND answer.document ->> 'target' = counted.document ->> 'target'
        AND answer.document ->> 'cycle' = counted.document ->> 'cycle'
    ORDER BY key DESC
    LIMIT 1
) AS answer
FROM counted
WHERE document ->> 'kind' = 'breached'
ORDER BY at, document ->> 'reference', document ->> 'target'
LIMIT %(limit)s;

-- fragment: group
-- A dimension of the groups, with its name.
{value} AS {name}

-- fragment: member
-- A member of a reading, as text.
(document ->> {member})
