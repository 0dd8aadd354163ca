-- Refused commands and mails, for agents.

-- fragment: refusals
-- The refusals of a tenant with their cases, except those of cases that are hidden from the agent.
FROM documents AS kept
LEFT JOIN snapshots ON snapshots.case_id = (kept.document ->> 'case')::uuid
    AND snapshots.tenant = %(tenant)s
WHERE kept.key LIKE 'refused:%%'
    AND kept.tenant = %(tenant)s
    AND (%(viewing_agent)s::text IS NULL
        OR %(viewing_agent)s <> ALL (coalesce(hidden_from, '{}')))

-- name: list
-- One page of refusals, newest first, with the reference of their case or ''.
SELECT kept.document, coalesce(snapshots.reference, '') AS reference
{refusals}
ORDER BY kept.at DESC, kept.key DESC
LIMIT %(limit)s OFFSET %(offset)s;

-- name: find
-- One refusal by its key.
SELECT kept.document
{refusals} AND kept.key = %(key)s;
