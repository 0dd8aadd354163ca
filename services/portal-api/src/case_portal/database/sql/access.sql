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
-- Changes the password of an account; returns its id.
UPDATE accounts
SET password_hash = %s
WHERE tenant = %s AND user_name = %s
RETURNING id;

-- name: delete_sessions
-- Deletes the sessions of an account, so its person has to log in again.
DELETE FROM sessions
WHERE account = %s;

-- name: save_reset_request
-- Saves a request for another password.
INSERT INTO reset_asks (user_name)
VALUES (%s);

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
RETURNING user_name;

-- name: admit_attempt
-- Counts an attempt of a subject; returns no row if its window is used up. An attempt uses `each`
-- of the window, which becomes free again as time passes.
INSERT INTO attempts AS a (act, subject, used_until)
VALUES (%(act)s, %(subject)s, now() + %(each)s)
ON CONFLICT (act, subject) DO UPDATE SET used_until = greatest(a.used_until, now()) + %(each)s
WHERE greatest(a.used_until, now()) + %(each)s <= now() + %(window)s
RETURNING true;

-- name: time_until_attempt
-- The interval until a subject may try again.
SELECT used_until + %(each)s::interval - %(window)s::interval - now()
FROM attempts
WHERE act = %(act)s AND subject = %(subject)s;

-- name: delete_attempts
-- Deletes the attempts of a subject that succeeded.
DELETE FROM attempts
WHERE act = %s AND subject = %s;

-- name: delete_old_attempts
-- Deletes the attempts that no longer count.
DELETE FROM attempts
WHERE used_until < now();
