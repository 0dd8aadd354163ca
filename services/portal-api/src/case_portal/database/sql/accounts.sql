-- Accounts, sessions and API tokens.

-- name: find_by_user
-- The active accounts with a user name; of one tenant if it is given.
SELECT id, tenant, kind, person, user_name, password_hash
FROM accounts
WHERE user_name = lower(%(user)s)
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

-- name: open_session
-- Adds a session of an account with a length; returns its end.
INSERT INTO sessions (token_hash, account, expires_at)
VALUES (%(hash)s, %(account)s, now() + %(length)s)
RETURNING expires_at;

-- name: delete_expired_sessions
-- Deletes the sessions that expired.
DELETE FROM sessions
WHERE expires_at < now();

-- name: find_by_token
-- The active account of a session or API token that has not expired.
SELECT a.tenant, a.kind, a.person, a.user_name, held.expires_at
FROM (
    SELECT account, expires_at FROM sessions WHERE token_hash = %(hash)s
    UNION ALL
    SELECT account, expires_at FROM api_tokens WHERE token_hash = %(hash)s
) AS held
JOIN accounts AS a ON a.id = held.account
WHERE a.active AND (held.expires_at IS NULL OR held.expires_at > now());

-- name: delete_session
-- Deletes the session of a token.
DELETE FROM sessions
WHERE token_hash = %s;

-- name: lock_accounts
-- Two processes that do this at the same time wait for each other.
LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE;

-- name: add_first_agent
-- Adds an account, unless an agent of its tenant has one.
INSERT INTO accounts (tenant, kind, person, user_name, password_hash)
SELECT %(tenant)s, %(kind)s, %(person)s, %(user)s, %(hash)s
WHERE NOT EXISTS (SELECT FROM accounts WHERE tenant = %(tenant)s AND kind = 'agent');

-- name: save_account
-- Adds an account, or changes the person and password of the account with this user name.
INSERT INTO accounts (tenant, kind, person, user_name, password_hash)
VALUES (%(tenant)s, %(kind)s, %(person)s, %(user)s, %(hash)s)
ON CONFLICT (tenant, user_name) DO UPDATE SET
    kind = excluded.kind,
    person = excluded.person,
    password_hash = excluded.password_hash,
    active = true;

-- name: issue_token
-- Adds an API token of an active account, valid for an interval.
INSERT INTO api_tokens (token_hash, account, name, expires_at)
SELECT %(hash)s, id, %(name)s, now() + %(holds)s
FROM accounts
WHERE tenant = %(tenant)s AND user_name = %(user)s AND active;
