-- Records whose signature fits no service that may write their topic.

-- name: hold
-- Puts a record in quarantine, once for its offset. The record is stored as bytes: a forged record
-- may contain what jsonb and text refuse.
INSERT INTO quarantine (topic, partition, "offset", record, reason)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (topic, partition, "offset") DO NOTHING;

-- name: find_state
-- The state of a record by its offset.
SELECT state
FROM quarantine
WHERE topic = %s AND partition = %s AND "offset" = %s;

-- name: list
-- The records in a state, in order.
SELECT place, record, reason, state, quarantined_at, why
FROM quarantine
WHERE state = %s
ORDER BY place;

-- name: decide
-- Saves the decision of an operator about a waiting record, and the reason.
UPDATE quarantine
SET state = %s, why = %s, decided_at = now()
WHERE place = %s AND state = 'waiting';

-- name: admit
-- Marks released records as processed.
UPDATE quarantine
SET state = 'admitted'
WHERE place = ANY(%s) AND state = 'released';
