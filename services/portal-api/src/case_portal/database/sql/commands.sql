-- Commands that people gave to workflow, and their outcomes.

-- name: save_command
-- Saves the person who gave a command, and its case.
INSERT INTO asked (command, tenant, person_kind, person, reference)
VALUES (%s, %s, %s, %s, %s);

-- name: find_command
-- The reference of the case of a command that a person gave.
SELECT reference
FROM asked
WHERE command = %s AND tenant = %s AND person_kind = %s AND person = %s;

-- name: find_outcome
-- The outcome that is stored under a key.
SELECT document
FROM documents
WHERE key = %s AND key LIKE 'outcome:%%'
LIMIT 1;
