-- The person for whom a transaction of a request runs, and what it publishes.

-- name: set_context
-- Sets variables for the rest of the transaction; the policies of the tables read them.
SELECT {settings};

-- fragment: setting
-- One variable and its value.
set_config(%s, %s, true)

-- name: reserve_sequences
-- Reserves sequences of the log, a number of them for each partition; returns the last of each.
SELECT reserved_partition, last_sequence
FROM reserve_sequences(%b::integer[], %b::bigint[]);

-- name: append
-- Appends records to the log, for the tenant and the person of the transaction only.
SELECT append_of_request(%b::integer[], %b::bigint[], %b::text[], %b::integer[], %b::text[],
    %b::uuid[], %b::text[], %b::text[]::jsonb[], %b::bytea[]);
