-- One transaction of the runtime: each kind of change is one statement for a whole batch.

-- name: now
-- The clock of the database.
SELECT clock_timestamp();

-- name: load_snapshots
-- The snapshots of cases.
SELECT case_id, state::text, version, digest
FROM snapshots
WHERE case_id = ANY(%b);

-- name: take_timers
-- Deletes the due timers of cases, each case up to an instant, and returns them.
DELETE FROM timers
USING unnest(%b::uuid[], %b::timestamptz[]) AS t (c, d)
WHERE case_id = c AND due <= d AND due <= clock_timestamp()
RETURNING partition, case_id, name, due, cause;

-- name: reserve_sequences
-- Reserves sequences of the log, a number of them for each partition; returns the last of each. The
-- rows are locked until the transaction ends.
INSERT INTO log_positions AS h (partition, sequence)
SELECT *
FROM unnest(%b::int[], %b::bigint[])
ON CONFLICT (partition) DO UPDATE SET sequence = h.sequence + excluded.sequence
RETURNING partition, sequence;

-- name: copy_log
-- Appends entries to the log.
COPY log
    (partition, sequence, topic, target_partition, key, case_id, version, type, headers, value)
FROM STDIN (FORMAT BINARY);

-- name: save_snapshots
-- Saves the states of cases.
INSERT INTO snapshots (case_id, partition, version, digest, state)
SELECT *
FROM unnest(%b::uuid[], %b::int[], %b::bigint[], %b::text[], %b::text[]::jsonb[])
ON CONFLICT (case_id) DO UPDATE SET
    version = excluded.version,
    digest = excluded.digest,
    state = excluded.state;

-- name: save_documents
-- Saves the documents of cases.
INSERT INTO documents (case_id, key, document)
SELECT *
FROM unnest(%b::uuid[], %b::text[], %b::text[]::jsonb[])
ON CONFLICT (case_id, key) DO UPDATE SET document = excluded.document;

-- name: clear_timers
-- Deletes timers by their names.
DELETE FROM timers
USING unnest(%b::uuid[], %b::text[]) AS t (c, n)
WHERE case_id = c AND name = n;

-- name: set_timers
-- Sets timers; a timer of the same name is replaced.
INSERT INTO timers (case_id, name, partition, due, cause)
SELECT *
FROM unnest(%b::uuid[], %b::text[], %b::int[], %b::timestamptz[], %b::bytea[])
ON CONFLICT (case_id, name) DO UPDATE SET due = excluded.due, cause = excluded.cause;

-- name: add_effects
-- Adds effects; an effect with a known key is left as it is.
INSERT INTO effects (key, case_id, partition, kind, payload, cause)
SELECT *
FROM unnest(%b::text[], %b::uuid[], %b::int[], %b::text[], %b::bytea[], %b::bytea[])
ON CONFLICT (key) DO NOTHING;

-- name: finish_effects
-- Finishes claimed effects and deletes their content; returns which attempts were uncertain.
UPDATE effects
SET state = 'done', payload = '', cause = ''
WHERE key = ANY(%s) AND state = 'claimed'
RETURNING key, uncertain;

-- name: advance
-- Moves the positions that still have their old values. A smaller number of rows means that another
-- owner moved one.
INSERT INTO tracking AS t (application_name, notification_id, partition, topic, source, next_offset)
SELECT name, sequence, partition, topic, source, next_offset
FROM unnest(%b::text[], %b::bigint[], %b::bigint[], %b::int[], %b::text[], %b::text[],
    %b::bigint[]) AS m (name, was, sequence, partition, topic, source, next_offset)
WHERE was = 0 OR EXISTS (SELECT FROM tracking WHERE application_name = name)
ON CONFLICT (application_name) DO UPDATE SET
    notification_id = excluded.notification_id,
    next_offset = excluded.next_offset
WHERE t.notification_id = (
    SELECT was
    FROM unnest(%b::text[], %b::bigint[]) AS w (name, was)
    WHERE name = t.application_name
);
