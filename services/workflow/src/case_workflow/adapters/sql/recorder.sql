-- Workflow's log as the eventsourcing library reads it: by case, and by partition.

-- name: events
-- The events of a case between two versions, in order.
SELECT version, type, value
FROM log
WHERE case_id = %b AND version > 0 AND version > %b AND version <= %b
ORDER BY version
LIMIT %b;

-- name: events_backwards
-- The events of a case between two versions, in reverse order.
SELECT version, type, value
FROM log
WHERE case_id = %b AND version > 0 AND version > %b AND version <= %b
ORDER BY version DESC
LIMIT %b;

-- name: notifications
-- The events of a partition between two positions, in order; only those of some types if types are
-- given.
SELECT sequence, case_id, version, type, value
FROM log
WHERE partition = %b AND sequence > %b AND sequence <= %b AND version > 0
    AND (%b::text[] IS NULL OR type = ANY(%b))
ORDER BY sequence
LIMIT %b;

-- name: last_notification
-- The position of the last event of a partition.
SELECT max(sequence)
FROM log
WHERE partition = %b AND version > 0;
