-- Finds cases by other attributes than their ids, for the API and the verification of histories.

-- name: cases_of_reference
-- The cases with a reference; two if several tenants have such a case and no tenant is given.
SELECT case_id
FROM snapshots
WHERE state -> 'case' ->> 'reference' = %(reference)s
    AND (%(tenant)s = '' OR split_part(state ->> 'definition', '/', 1) = %(tenant)s)
LIMIT 2;

-- name: created_between
-- The records of some types, of the cases that a tenant received between two instants, case by
-- case.
SELECT l.value
FROM log AS first
JOIN log AS l USING (case_id)
WHERE first.version = 1
    AND first.headers ->> 'ce_tenant' = %s
    AND history_instant(first.headers ->> 'ce_time') >= %s
    AND history_instant(first.headers ->> 'ce_time') < %s
    AND l.version > 0
    AND l.type = ANY(%s)
ORDER BY case_id, l.version;

-- name: open_cases
-- The records of some types, of the cases with a dormant timer whose name is in a range, case by
-- case.
SELECT value
FROM log
WHERE case_id IN (SELECT case_id FROM timers WHERE name ~>=~ %s AND name ~<~ %s)
    AND version > 0
    AND type = ANY(%s)
ORDER BY case_id, version;

-- name: partition_ends
-- Every partition that was ever written to, with the position and time of its last event.
SELECT log_positions.partition, coalesce(last.sequence, 0), last.written_at
FROM log_positions
LEFT JOIN LATERAL (
    SELECT sequence, written_at
    FROM log
    WHERE log.partition = log_positions.partition AND version > 0
    ORDER BY sequence DESC
    LIMIT 1
) AS last ON true
ORDER BY log_positions.partition;

-- name: chain_heads
-- The version and the digest in the snapshot of each of these cases.
SELECT case_id, version, digest
FROM snapshots
WHERE case_id = ANY(%b) AND version > 0;

-- name: cases_without_events
-- The cases that have a snapshot and no event.
SELECT case_id
FROM snapshots
WHERE version > 0
    AND NOT EXISTS (SELECT FROM log WHERE log.case_id = snapshots.case_id AND log.version > 0);
