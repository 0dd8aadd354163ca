-- What came in, and what is known of cases to tell where it belongs.

-- name: lock
-- One transaction at a time holds a key. Two keys of one hash wait for each other: slower, and as
-- right.
SELECT pg_advisory_xact_lock(hashtextextended(%s, 0));

-- name: find_mail
-- The arrival of this mail, where it was handed over before.
SELECT id, channel, raw, received_at, outcome, why, case_id, reference
FROM arrivals
WHERE tenant = %s AND message_id = %s AND body_digest = %s AND channel = 'mail';

-- name: find_arrival
-- A row without columns where something arrived under this id.
SELECT FROM arrivals
WHERE tenant = %s AND id = %s;

-- name: find_answer
-- What a request with this idempotency key was answered.
SELECT body_digest, case_id, reference
FROM idempotency
WHERE tenant = %s AND principal = %s AND key = %s;

-- name: find_case
-- A case by its id.
SELECT case_id, reference, customer, contact
FROM cases
WHERE tenant = %s AND case_id = %s;

-- name: find_case_by_reference
-- The case of the first of these references that is one.
SELECT case_id, reference, customer, contact
FROM cases
WHERE tenant = %(tenant)s AND reference_key = ANY(%(names)s)
ORDER BY array_position(%(names)s, reference_key)
LIMIT 1;

-- name: find_thread
-- The case of the last of these messages that belongs to one.
SELECT case_id, reference, customer, contact, public
FROM threads
JOIN cases USING (tenant, case_id)
WHERE tenant = %(tenant)s AND message_id = ANY(%(ids)s)
ORDER BY array_position(%(ids)s, message_id) DESC
LIMIT 1;

-- name: next_number
-- The next number of a tenant's year. The row is locked until the transaction ends, so numbers have
-- no gaps.
INSERT INTO counters AS c (tenant, year, number)
VALUES (%s, %s, 1)
ON CONFLICT (tenant, year) DO UPDATE SET number = c.number + 1
RETURNING number;

-- name: save_arrival
-- Something that came in, and what came of it.
INSERT INTO arrivals
    (id, tenant, channel, message_id, body_digest, raw, received_at, outcome, why, case_id,
    reference)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: save_case
-- A case that mail can be about.
INSERT INTO cases (tenant, case_id, reference, customer, contact)
VALUES (%s, %s, %s, %s, %s);

-- name: save_thread
-- The case that answers to a message belong to. The first case of a message is its case.
INSERT INTO threads (tenant, message_id, case_id, public)
VALUES (%s, %s, %s, %s)
ON CONFLICT DO NOTHING;

-- name: save_answer
-- What a request with this idempotency key was answered.
INSERT INTO idempotency (tenant, principal, key, body_digest, case_id, reference)
VALUES (%s, %s, %s, %s, %s, %s);
