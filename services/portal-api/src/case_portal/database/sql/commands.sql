-- What people asked of workflow, and what came of it.

-- name: save_command
-- Who asked a command, about which case.
INSERT INTO asked (command, tenant, person_kind, person, reference)
VALUES (%s, %s, %s, %s, %s);

-- name: find_command
-- The case that a person's own command is about.
SELECT reference
FROM asked
WHERE command = %s AND tenant = %s AND person_kind = %s AND person = %s;

-- name: find_outcome
-- The outcome that is kept under a key.
SELECT document
FROM documents
WHERE key = %s AND key LIKE 'outcome:%%'
LIMIT 1;
