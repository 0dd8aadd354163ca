-- Records that wait because their case cannot go on, and records that were discarded.

-- name: park
-- A record waits.
INSERT INTO parked (partition, case_id, delivery, error, awaits)
VALUES (%s, %s, %s::jsonb, %s, %s);

-- name: unpark
-- Records wait no more.
DELETE FROM parked
WHERE place = ANY(%s);

-- name: record_failure
-- Why another attempt with a record failed.
UPDATE parked
SET error = %s, awaits = %s
WHERE place = %s;

-- name: end_retry
-- The records of the case of a record wait for another request to retry.
UPDATE parked
SET retry = false
WHERE case_id = (SELECT case_id FROM parked WHERE place = %s);

-- name: request_retry
-- The owner of a case tries its records again.
UPDATE parked
SET retry = true
WHERE case_id = %s;

-- name: list
-- The records that wait, in order.
SELECT place, partition, case_id, delivery::text, error, awaits, retry
FROM parked
WHERE partition = ANY(%s)
ORDER BY place;

-- name: lock_first
-- The first record that waits of a case, locked until the transaction ends.
SELECT place, partition, case_id, delivery::text, error, awaits, retry
FROM parked
WHERE case_id = %s
ORDER BY place
LIMIT 1
FOR UPDATE;

-- name: discard
-- A record waits no more, and stays on record with the reason and the person who discarded it.
WITH gone AS (
    DELETE FROM parked
    WHERE place = %s
    RETURNING place, partition, case_id, delivery, error, awaits, parked_at
)
INSERT INTO discarded
    (place, partition, case_id, delivery, error, awaits, parked_at, reason, discarded_by)
SELECT gone.*, %s, %s
FROM gone;

-- name: list_discarded
-- The records that were discarded, in order.
SELECT place, partition, case_id, delivery::text, error, awaits, false, reason, discarded_by,
    discarded_at
FROM discarded
WHERE partition = ANY(%s)
ORDER BY discarded_at, place;
