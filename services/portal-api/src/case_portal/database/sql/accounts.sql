-- Accounts, sessions and API tokens.

-- name: find_by_user
-- The active accounts with a user name; of one tenant if it is given.
SELECT id, tenant, kind, person, user_name, password_hash
FROM accounts
WHERE user_name = %(user)s
    AND active
    AND (%(tenant)s::text IS NULL OR tenant = %(tenant)s)
ORDER BY tenant
LIMIT %(most)s;

-- name: is_any_account
-- Whether there is any account, in use or not.
SELECT EXISTS (SELECT FROM accounts);

-- name: most_shared
-- The largest number of active accounts that share a user name.
SELECT count(*)
FROM accounts
WHERE active
GROUP BY user_name
ORDER BY 1 DESC
LIMIT 1;

-- name: find_by_token
-- The active account of a session or API token that has not expired, and whether its use has to be
-- noted.
SELECT a.tenant, a.kind, a.person, a.user_name, held.expires_at, held.id, held.reach,
    held.used_at IS NULL OR held.used_at < now() - %(each)s::interval AS unnoted
FROM (
    SELECT account, expires_at, id, 'session' AS reach, used_at
    FROM sessions
    WHERE token_hash = %(hash)s AND used_at > now() - %(idle)s::interval
    UNION ALL
    SELECT account, expires_at, id, reach, used_at
    FROM api_tokens
    WHERE token_hash = %(hash)s
) AS held
JOIN accounts AS a ON a.id = held.account
WHERE a.active AND held.expires_at > now();

-- name: use_session
-- Notes that a session was used.
UPDATE sessions
SET used_at = now()
WHERE token_hash = %(hash)s;

-- name: use_token
-- Notes that an API token was used.
UPDATE api_tokens
SET used_at = now()
WHERE token_hash = %(hash)s;

-- name: lock_accounts
-- Two processes that do this at the same time wait for each other.
LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE;

-- name: add_first_agent
-- Adds an account, unless an agent of its tenant has one.
INSERT INTO accounts (tenant, kind, person, user_name, password_hash)
SELECT %(tenant)s, %(kind)s, %(person)s, %(user)s, %(hash)s
WHERE NOT EXISTS (SELECT FROM accounts WHERE tenant = %(tenant)s AND kind = 'agent');

-- name: delete_of_another
-- Deletes the account with this user name if it is of another person, with all that belongs to it.
DELETE FROM accounts
WHERE tenant = %(tenant)s
    AND user_name = %(user)s
    AND (kind, person) <> (%(kind)s, %(person)s);

-- name: end_access
-- Ends all sessions and API tokens of an account.
WITH of_account AS (
    SELECT id
    FROM accounts
    WHERE tenant = %(tenant)s AND user_name = %(user)s
), ended AS (
    DELETE FROM sessions
    WHERE account IN (SELECT id FROM of_account)
)
DELETE FROM api_tokens
WHERE account IN (SELECT id FROM of_account);

-- name: save_account
-- Adds an account, or changes the password of the account with this user name; returns whether it
-- is new.
INSERT INTO accounts (tenant, kind, person, user_name, password_hash)
VALUES (%(tenant)s, %(kind)s, %(person)s, %(user)s, %(hash)s)
ON CONFLICT (tenant, user_name) DO UPDATE SET
    password_hash = excluded.password_hash,
    active = true
RETURNING xmax = 0;

-- name: close_account
-- Closes an account; returns its person.
UPDATE accounts
SET active = false
WHERE tenant = %(tenant)s AND user_name = %(user)s AND active
RETURNING kind, person;

-- name: find_owner
-- An account by its tenant and user name.
SELECT tenant, kind, person, user_name
FROM accounts
WHERE tenant = %(tenant)s AND user_name = %(user)s;

-- name: issue_token
-- Adds an API token of an active account, valid for an interval.
INSERT INTO api_tokens (token_hash, account, name, reach, expires_at)
SELECT %(hash)s, id, %(name)s, %(reach)s, now() + %(holds)s
FROM accounts
WHERE tenant = %(tenant)s AND user_name = %(user)s AND active
RETURNING id, name, reach, created_at, expires_at, used_at;

-- name: list_tokens
-- The API tokens of an account that have not expired, the newest first.
SELECT t.id, t.name, t.reach, t.created_at, t.expires_at, t.used_at
FROM api_tokens AS t
JOIN accounts AS a ON a.id = t.account
WHERE a.tenant = %(tenant)s AND a.user_name = %(user)s AND t.expires_at > now()
ORDER BY t.created_at DESC, t.id;

-- name: revoke_token
-- Ends an API token of an account; returns it.
DELETE FROM api_tokens AS t
USING accounts AS a
WHERE a.id = t.account
    AND a.tenant = %(tenant)s
    AND a.user_name = %(user)s
    AND t.id = %(id)s
RETURNING t.id, t.name, t.reach, t.created_at, t.expires_at, t.used_at;

-- name: note
-- Notes what an operator did, for the security log.
INSERT INTO operator_notes (tenant, event)
VALUES (%s, %s);
