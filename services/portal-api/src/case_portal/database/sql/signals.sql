-- Notifications of the database.

-- name: listen_outcome
-- Outcomes of what people asked: the payload is the key of the outcome.
LISTEN outcome;

-- name: listen_case
-- Changes of cases: the payload is the id of the case.
LISTEN "case";
