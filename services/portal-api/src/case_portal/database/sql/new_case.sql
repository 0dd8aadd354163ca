-- New cases that people submitted by a form.

-- name: lock_submission
-- One transaction at a time submits under a key. Two keys of one hash wait for each other.
SELECT pg_advisory_xact_lock(hashtextextended(%s, 0));

-- name: find_submissions
-- What a person submitted under a key, with its digest and the status of its outcome, if any.
SELECT command, digest, (
    SELECT document ->> 'status'
    FROM documents
    WHERE documents.key = 'outcome:' || asked.command AND documents.key LIKE 'outcome:%%'
)
FROM asked
WHERE tenant = %s AND person_kind = %s AND person = %s AND key = %s;

-- name: save_submission
-- What a person submitted, with the form to show again.
INSERT INTO asked (command, tenant, person_kind, person, reference, key, digest, form)
VALUES (%s, %s, %s, %s, '', %s, %s, %s);

-- name: find_form
-- The form of what a person submitted.
SELECT form
FROM asked
WHERE command = %s AND tenant = %s AND person_kind = %s AND person = %s AND form IS NOT NULL;
