-- The states of addresses to which mail did not arrive.

-- name: find_state
-- The state of an address that was not mended since its last bounce.
SELECT hard, bounced_at
FROM addresses
WHERE tenant = %s AND address_key = %s AND bounced_at > mended_at;

-- name: save_bounce
-- Saves a bounce. A soft bounce leaves a dead address dead.
INSERT INTO addresses AS a (tenant, address_key, hard, bounced_at)
VALUES (%s, %s, %s, %s)
ON CONFLICT (tenant, address_key) DO UPDATE
SET hard = excluded.hard OR (a.hard AND a.bounced_at > a.mended_at),
    bounced_at = greatest(a.bounced_at, excluded.bounced_at);

-- name: save_mended
-- Saves that an address takes mail again.
INSERT INTO addresses AS a (tenant, address_key, mended_at)
VALUES (%s, %s, %s)
ON CONFLICT (tenant, address_key) DO UPDATE
SET mended_at = greatest(a.mended_at, excluded.mended_at);
