-- Partitions and their owners, publishing, timers and effects.

-- name: claim
-- Makes this replica the owner of partitions. The new epoch fences the owner before it.
INSERT INTO partitions AS l (partition, epoch, owner)
SELECT unnest(%s::int[]), 1, %s
ON CONFLICT (partition) DO UPDATE SET epoch = l.epoch + 1, owner = excluded.owner
RETURNING partition, epoch;

-- name: release_effects
-- Effects that the owner before had claimed wait again. Whether they took place is uncertain.
UPDATE effects
SET state = 'waiting', uncertain = true
WHERE partition = ANY(%s) AND state = 'claimed';

-- name: epochs
-- The current epoch of each partition.
SELECT partition, epoch
FROM partitions
WHERE partition = ANY(%s);

-- name: lock_epochs
-- The current epoch of each partition, locked against another owner until the transaction ends. The
-- clock is read after the rows are locked: waiting for a lock does not stop it.
WITH ours AS (
    SELECT partition, epoch
    FROM partitions
    WHERE partition = ANY(%s)
    ORDER BY partition
    FOR SHARE
)
SELECT partition, epoch, clock_timestamp()
FROM ours;

-- name: positions
-- The positions in each topic, by source.
SELECT partition, topic, source, notification_id, next_offset
FROM tracking
WHERE partition = ANY(%s);

-- name: unpublished
-- The first entries of the log that are not known to be published, by partition and in order. The
-- first limit is for each partition, the second for all.
SELECT l.partition, l.sequence, topic, target_partition, key, case_id, version, type,
    headers::text, value
FROM unnest(%s::int[]) AS o (partition)
LEFT JOIN published AS p ON p.partition = o.partition
CROSS JOIN LATERAL (
    SELECT *
    FROM log
    WHERE log.partition = o.partition AND log.sequence > coalesce(p.sequence, 0)
    ORDER BY log.sequence
    LIMIT %s
) AS l
ORDER BY l.partition, l.sequence
LIMIT %s;

-- name: commit_asynchronously
-- Commits without waiting for the disk: a crash may lose this transaction.
SET LOCAL synchronous_commit = off;

-- name: mark_published
-- The last sequence of each partition that Kafka has acknowledged.
INSERT INTO published AS p (partition, sequence)
SELECT *
FROM unnest(%s::int[], %s::bigint[])
ON CONFLICT (partition) DO UPDATE SET sequence = greatest(p.sequence, excluded.sequence);

-- name: timers
-- The timers of partitions in order of their due instants, after a place in that order. Timers with
-- the due instant and case of the last one are never cut off.
SELECT partition, case_id, name, due
FROM timers
WHERE partition = ANY(%s) AND (due, case_id) > (%s, %s) AND due <= %s
ORDER BY due, case_id
FETCH FIRST %s ROWS WITH TIES;

-- name: dormant_timers
-- The names of dormant timers. It goes from each name to the next by the index: as many steps as
-- there are names, whatever the number of cases. DORMANT is written out as in the schema, which
-- makes PostgreSQL use the index of dormant timers.
WITH RECURSIVE names (name) AS (
    (
        SELECT min(name)
        FROM timers
        WHERE due = '9999-01-01 00:00:00+00' AND partition = ANY(%(partitions)s)
    )
    UNION ALL
    SELECT (
        SELECT min(t.name)
        FROM timers AS t
        WHERE t.due = '9999-01-01 00:00:00+00'
            AND t.partition = ANY(%(partitions)s)
            AND t.name > n.name
    )
    FROM names AS n
    WHERE n.name IS NOT NULL
)
SELECT name
FROM names
WHERE name IS NOT NULL;

-- name: wake_dormant
-- Makes the dormant timers with these names due, one after the other at an interval in seconds.
UPDATE timers AS t
SET due = statement_timestamp() + make_interval(secs => s.place * %s)
FROM (
    SELECT case_id, name, row_number() OVER () AS place
    FROM timers
    WHERE due = '9999-01-01 00:00:00+00' AND partition = ANY(%s) AND name = ANY(%s)
) AS s
WHERE t.case_id = s.case_id AND t.name = s.name;

-- name: claim_effects
-- Claims the effects that have been due for the longest time.
UPDATE effects
SET state = 'claimed', attempts = attempts + 1,
    first_attempt_at = coalesce(first_attempt_at, clock_timestamp())
WHERE key IN (
    SELECT key
    FROM effects
    WHERE partition = ANY(%s) AND state = 'waiting' AND due <= clock_timestamp()
    ORDER BY due
    LIMIT %s
)
RETURNING partition, case_id, key, kind, payload, cause, attempts, first_attempt_at, uncertain;

-- name: next_effect_due
-- When the next waiting effect is due.
SELECT min(due)
FROM effects
WHERE partition = ANY(%s) AND state = 'waiting';

-- name: postpone_effect
-- A claimed effect waits until an instant for its next attempt.
UPDATE effects
SET state = 'waiting', due = %s, uncertain = uncertain OR %s
WHERE key = %s AND state = 'claimed';
