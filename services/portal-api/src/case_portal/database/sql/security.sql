-- The security log, for administrators.

-- name: list
-- One page of the events of a tenant, newest first; of one type or outcome if it is given.
SELECT document
FROM documents
WHERE key LIKE 'security:%%'
    AND tenant = %(tenant)s
    AND (%(type)s::text IS NULL OR document ->> 'type' = %(type)s)
    AND (%(outcome)s::text IS NULL OR document ->> 'outcome' = %(outcome)s)
ORDER BY at DESC, key DESC
LIMIT %(limit)s OFFSET %(offset)s;

-- name: delete_old
-- Deletes the events that happened longer ago than an interval.
DELETE FROM documents
WHERE key LIKE 'security:%%' AND at < now() - %s::interval;
