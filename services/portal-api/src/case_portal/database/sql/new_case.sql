-- New cases that people submitted by a form.

-- name: lock_submission
-- Lets one transaction at a time submit under a key. Two keys with one hash wait for each other.
SELECT pg_advisory_xact_lock(hashtextextended(%s, 0));

-- name: find_submissions
-- The submissions of a person under a key, each with its digest and the status of its outcome.
SELECT command, digest, (
    SELECT document ->> 'status'
    FROM documents
    WHERE documents.key = 'outcome:' || asked.command AND documents.key LIKE 'outcome:%%'
)
FROM asked
WHERE tenant = %s AND person_kind = %s AND person = %s AND key = %s;

-- name: save_submission
-- Saves a submission, with the form that can be shown again.
INSERT INTO asked (command, tenant, person_kind, person, reference, key, digest, form)
VALUES (%s, %s, %s, %s, '', %s, %s, %s);

-- name: find_form
-- The form of a submission of a person.
SELECT form
FROM asked
WHERE command = %s AND tenant = %s AND person_kind = %s AND person = %s AND form IS NOT NULL;
