-- Inbound records, and the cases to which they can belong.

-- name: lock
-- Lets one transaction at a time hold a key. Two keys with one hash wait for each other, which is
-- slower but correct.
SELECT pg_advisory_xact_lock(hashtextextended(%s, 0));

-- name: find_mail
-- The inbound record of a mail that arrived before.
SELECT id, channel, raw, received_at, outcome, why, case_id, reference
FROM arrivals
WHERE tenant = %s AND message_id = %s AND body_digest = %s AND channel = 'mail';

-- name: find_arrival
-- A row without columns if there is an inbound record with this id.
SELECT FROM arrivals
WHERE tenant = %s AND id = %s;

-- name: find_answer
-- The answer to a request with this idempotency key.
SELECT body_digest, case_id, reference
FROM idempotency
WHERE tenant = %s AND principal = %s AND key = %s;

-- name: find_case
-- A case by its id.
SELECT case_id, reference, customer, contact
FROM cases
WHERE tenant = %s AND case_id = %s;

-- name: find_case_by_reference
-- The case with the first of these references that a case has.
SELECT case_id, reference, customer, contact
FROM cases
WHERE tenant = %(tenant)s AND reference_key = ANY(%(names)s)
ORDER BY array_position(%(names)s, reference_key)
LIMIT 1;

-- name: find_thread
-- The case of the last of these messages that belongs to a case.
SELECT case_id, reference, customer, contact, public
FROM threads
JOIN cases USING (tenant, case_id)
WHERE tenant = %(tenant)s AND message_id = ANY(%(ids)s)
ORDER BY array_position(%(ids)s, message_id) DESC
LIMIT 1;

-- name: next_number
-- The next number of a tenant in a year. The row is locked until the transaction ends, so there are
-- no gaps.
INSERT INTO counters AS c (tenant, year, number)
VALUES (%s, %s, 1)
ON CONFLICT (tenant, year) DO UPDATE SET number = c.number + 1
RETURNING number;

-- name: save_arrival
-- Saves an inbound record with its outcome.
INSERT INTO arrivals
    (id, tenant, channel, message_id, body_digest, raw, received_at, outcome, why, case_id,
    reference)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s);

-- name: save_case
-- Saves a case to which mail can belong.
INSERT INTO cases (tenant, case_id, reference, customer, contact)
VALUES (%s, %s, %s, %s, %s);

-- name: save_thread
-- Saves the case of a message, to which its answers belong. The first case of a message stays.
INSERT INTO threads (tenant, message_id, case_id, public)
VALUES (%s, %s, %s, %s)
ON CONFLICT DO NOTHING;

-- name: save_answer
-- Saves the answer to a request with this idempotency key.
INSERT INTO idempotency (tenant, principal, key, body_digest, case_id, reference)
VALUES (%s, %s, %s, %s, %s, %s);
