-- Codes in mails, accounts that people make themselves, and limits on attempts.

-- name: spend_codes
-- Invalidates the codes of a person for one purpose, because a new code replaces them.
UPDATE codes
SET spent_at = now()
WHERE tenant = %(tenant)s
    AND kind = %(kind)s
    AND person = %(person)s
    AND purpose = %(purpose)s
    AND spent_at IS NULL;

-- name: save_code
-- Saves a code that goes out by mail.
INSERT INTO codes (name, digest, purpose, tenant, kind, person, cause, expires_at)
VALUES (%(name)s, %(digest)s, %(purpose)s, %(tenant)s, %(kind)s, %(person)s, %(cause)s,
    %(expires_at)s);

-- name: find_code
-- A valid code, locked until the transaction ends.
SELECT purpose, tenant, kind, person, expires_at, cause
FROM codes
WHERE name = %s AND digest = %s AND spent_at IS NULL AND expires_at > now()
FOR UPDATE;

-- name: spend_code
-- Invalidates a code.
UPDATE codes
SET spent_at = now()
WHERE name = %s;

-- name: find_code_of_cause
-- A row without columns if a record caused a code before.
SELECT FROM codes
WHERE cause = %s;

-- name: delete_old_codes
-- Deletes the codes that expired longer ago than an interval.
DELETE FROM codes
WHERE expires_at < now() - %s::interval;

-- name: find_account
-- The first account of a person.
SELECT tenant, kind, person, user_name
FROM accounts
WHERE tenant = %s AND kind = %s AND person = %s
ORDER BY id
LIMIT 1;

-- name: find_accounts_of_user
-- The active accounts with a user name, of all tenants.
SELECT tenant, kind, person, user_name
FROM accounts
WHERE user_name = %s AND active
ORDER BY tenant
LIMIT 20;

-- name: add_account
-- Adds an account, unless its tenant has one with this user name.
INSERT INTO accounts (tenant, kind, person, user_name, password_hash)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (tenant, user_name) DO NOTHING;

-- name: set_password
-- Changes the password of an account.
UPDATE accounts
SET password_hash = %(hash)s
WHERE tenant = %(tenant)s AND user_name = %(user)s;

-- name: find_known
-- An active account with its hash, locked until the transaction ends.
SELECT id, tenant, kind, person, user_name, password_hash
FROM accounts
WHERE tenant = %(tenant)s
    AND kind = %(kind)s
    AND person = %(person)s
    AND user_name = %(user)s
    AND active
FOR UPDATE;

-- name: open_session
-- Adds a session of an account, if its password and person are still those that were checked.
INSERT INTO sessions (token_hash, account, expires_at, address, program)
SELECT %(token)s, id, now() + %(length)s, %(address)s, %(program)s
FROM accounts
WHERE id = %(id)s AND password_hash = %(hash)s AND active
FOR SHARE
RETURNING id, expires_at;

-- name: end_session
-- Deletes the session of a token; returns its account.
DELETE FROM sessions AS s
USING accounts AS a
WHERE a.id = s.account AND s.token_hash = %(hash)s
RETURNING a.tenant, a.kind, a.person, a.user_name;

-- name: list_sessions
-- The sessions of an account that are valid, the last used first.
SELECT s.id, s.opened_at, s.used_at, s.expires_at, s.address, s.program
FROM sessions AS s
JOIN accounts AS a ON a.id = s.account
WHERE a.tenant = %(tenant)s
    AND a.user_name = %(user)s
    AND s.expires_at > now()
    AND s.used_at > now() - %(idle)s::interval
ORDER BY s.used_at DESC, s.id;

-- name: end_sessions
-- Deletes sessions of an account: only one, or all but one.
DELETE FROM sessions AS s
USING accounts AS a
WHERE a.id = s.account
    AND a.tenant = %(tenant)s
    AND a.user_name = %(user)s
    AND (%(only)s::uuid IS NULL OR s.id = %(only)s)
    AND (%(but)s::uuid IS NULL OR s.id <> %(but)s);

-- name: find_holders
-- The accounts with a session or an API token.
SELECT tenant, kind, person, user_name
FROM accounts
WHERE id IN (SELECT account FROM sessions UNION SELECT account FROM api_tokens)
ORDER BY id;

-- name: delete_old_sessions
-- Deletes the sessions that expired, or that nobody used for an interval.
DELETE FROM sessions
WHERE expires_at < now() OR used_at < now() - %s::interval;

-- name: delete_old_tokens
-- Deletes the API tokens that expired.
DELETE FROM api_tokens
WHERE expires_at < now();

-- name: take_note
-- Takes the oldest note of an operator that no other replica is taking.
DELETE FROM operator_notes
WHERE id = (
    SELECT id
    FROM operator_notes
    ORDER BY id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING tenant, event;

-- name: save_reset_request
-- Saves a request for another password.
INSERT INTO reset_asks (user_name, client)
VALUES (%s, %s);

-- name: take_reset_request
-- Takes the oldest request for another password that no other replica is taking.
DELETE FROM reset_asks
WHERE id = (
    SELECT id
    FROM reset_asks
    ORDER BY id
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
RETURNING user_name, client;

-- name: admit_attempt
-- Counts an attempt of a subject; returns no row if its window is used up. An attempt uses `each`
-- of the window, which becomes free again as time passes.
INSERT INTO attempts AS a (act, subject, used_until)
VALUES (%(act)s, %(subject)s, now() + %(each)s::interval)
ON CONFLICT (act, subject) DO UPDATE
SET used_until = greatest(a.used_until, now()) + %(each)s::interval
WHERE greatest(a.used_until, now()) + %(each)s::interval <= now() + %(window)s::interval
RETURNING true;

-- name: time_until_attempt
-- The interval until a subject may try again.
SELECT used_until + %(each)s::interval - %(window)s::interval - now()
FROM attempts
WHERE act = %(act)s AND subject = %(subject)s;

-- name: give_back_attempt
-- Takes back one attempt of a subject.
UPDATE attempts
SET used_until = used_until - %(each)s::interval
WHERE act = %(act)s AND subject = %(subject)s;

-- name: delete_old_attempts
-- Deletes the attempts that no longer count.
DELETE FROM attempts
WHERE used_until < now();
