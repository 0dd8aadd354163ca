-- Records that wait because their case cannot go on, and records that were discarded.

-- name: park
-- Parks a record.
INSERT INTO parked (partition, case_id, delivery, error, awaits)
VALUES (%s, %s, %s::jsonb, %s, %s);

-- name: unpark
-- Deletes parked records.
DELETE FROM parked
WHERE place = ANY(%s);

-- name: record_failure
-- Saves why another attempt with a record failed.
UPDATE parked
SET error = %s, awaits = %s
WHERE place = %s;

-- name: end_retry
-- Ends the retry of the case of a record: its records wait for another request.
UPDATE parked
SET retry = false
WHERE case_id = (SELECT case_id FROM parked WHERE place = %s);

-- name: request_retry
-- Requests a retry of the records of a case.
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
-- Moves a parked record to the discarded ones, with the reason and the person.
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
