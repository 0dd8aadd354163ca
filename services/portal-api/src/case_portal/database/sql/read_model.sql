-- Cases, their histories and their links.

-- fragment: visible
-- The cases within a scope: what a person may see.
NOT %(nothing)s
    AND tenant = %(tenant)s
    AND reference <> ''
    AND (%(customer)s::text IS NULL OR customer = %(customer)s)
    AND (%(contact)s::text IS NULL
        OR contact = %(contact)s
        OR state #> '{people,watchers}' ? ('contact/' || %(contact)s))
    AND (%(agent)s::text IS NULL OR agent = %(agent)s)
    AND (%(viewing_agent)s::text IS NULL OR %(viewing_agent)s <> ALL (hidden_from))

-- name: find_case
-- The case with a reference, in any capitalisation.
SELECT case_id, state
FROM snapshots
WHERE {visible} AND reference_key = upper(%(ref)s);

-- name: existing_references
-- The references among these that are cases within the scope.
SELECT reference
FROM snapshots
WHERE {visible} AND reference_key = ANY(%(references)s);

-- name: list_cases
-- One page of the cases whose reference or title contains every word.
SELECT case_id, state
FROM snapshots
WHERE {visible}
    AND (
        SELECT coalesce(bool_and(reference || ' ' || title ~* word), true)
        FROM unnest(%(words)s::text[]) AS word
    )
    {view}
{order}
LIMIT %(limit)s OFFSET %(offset)s;

-- fragment: view_active
-- The cases that are still open.
AND status_kind <> 'final'

-- fragment: view_closed
-- The cases that are closed.
AND status_kind = 'final'

-- fragment: order_by_attention
-- Cases that stand out come first, then the cases that changed last.
ORDER BY stands_out DESC, updated_at DESC, case_id

-- fragment: order_by_due
-- The case with the first deadline comes first; cases without a clock come last.
ORDER BY next_due, created_at, case_id

-- fragment: order_ascending
-- The case with the smallest key comes first; cases without a key come last.
ORDER BY {key} ASC NULLS LAST, reference

-- fragment: order_descending
-- The case with the largest key comes first; cases without a key come last.
ORDER BY {key} DESC NULLS LAST, reference

-- fragment: by_rank
-- By the place of a value among those of the definition.
array_position(%(rank)s::text[], {column})

-- fragment: by_letters
-- By a text, small and capital letters alike.
lower({column})

-- name: entries
-- The history of a case, in order; with internal entries or without.
SELECT document
FROM documents
WHERE case_id = %(case)s
    AND key LIKE 'entry:%%'
    AND (%(internal)s OR NOT (document ->> 'internal')::boolean)
ORDER BY key;

-- name: undecided_cases
-- Open cases that wait for a decision; the case that has waited longest comes first.
SELECT case_id, state
FROM snapshots
WHERE {visible}
    AND undecided
    AND status_kind <> 'final'
    AND state -> 'decisions' -> %(decision)s ->> 'state' = 'asked'
ORDER BY state -> 'decisions' -> %(decision)s ->> 'asked_at', case_id
LIMIT %(most)s;

-- name: links
-- The other cases with which a case is, or was, linked.
SELECT document
FROM documents
WHERE case_id = %(case)s AND key LIKE 'link:%%'
ORDER BY (document ->> 'at')::timestamptz, document ->> 'case';
