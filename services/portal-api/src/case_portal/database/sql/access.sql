-- Codes by mail, accounts that people make themselves, and how often somebody may try.

-- name: spend_codes
-- The codes of a person for one purpose hold no more: a new one takes their place.
UPDATE codes
SET spent_at = now()
WHERE tenant = %(tenant)s
    AND kind = %(kind)s
    AND person = %(person)s
    AND purpose = %(purpose)s
    AND spent_at IS NULL;

-- name: save_code
-- A code that goes out by mail.
INSERT INTO codes (name, digest, purpose, tenant, kind, person, cause, expires_at)
VALUES (%(name)s, %(digest)s, %(purpose)s, %(tenant)s, %(kind)s, %(person)s, %(cause)s,
    %(expires_at)s);

-- name: find_code
-- A code that holds, locked until the transaction ends.
SELECT purpose, tenant, kind, person, expires_at, cause
FROM codes
WHERE name = %s AND digest = %s AND spent_at IS NULL AND expires_at > now()
FOR UPDATE;

-- name: spend_code
-- A code holds no more.
UPDATE codes
SET spent_at = now()
WHERE name = %s;

-- name: find_code_of_cause
-- A row without columns where a record already caused a code.
SELECT FROM codes
WHERE cause = %s;

-- name: delete_old_codes
-- The codes that expired so long ago.
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
-- The active accounts of a user name, whatever their tenant.
SELECT tenant, kind, person, user_name
FROM accounts
WHERE user_name = %s AND active
ORDER BY tenant
LIMIT 20;

-- name: add_account
-- An account, where its tenant has none of this user name.
INSERT INTO accounts (tenant, kind, person, user_name, password_hash)
VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (tenant, user_name) DO NOTHING;

-- name: set_password
-- Another password for an account; its id.
UPDATE accounts
SET password_hash = %s
WHERE tenant = %s AND user_name = %s
RETURNING id;

-- name: delete_sessions
-- The sessions of an account: whoever held one has to log in anew.
DELETE FROM sessions
WHERE account = %s;

-- name: save_reset_request
-- Somebody asked for another password for this user name.
INSERT INTO reset_asks (user_name)
VALUES (%s);

-- name: take_reset_request
-- The oldest request for another password that no other replica is taking.
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
-- One more attempt of a subject; no row where its window is full. An attempt uses up `each` of the
-- window, which comes back as time goes on.
INSERT INTO attempts AS a (act, subject, used_until)
VALUES (%(act)s, %(subject)s, now() + %(each)s)
ON CONFLICT (act, subject) DO UPDATE SET used_until = greatest(a.used_until, now()) + %(each)s
WHERE greatest(a.used_until, now()) + %(each)s <= now() + %(window)s
RETURNING true;

-- name: time_until_attempt
-- How long until a subject may try again.
SELECT used_until + %(each)s::interval - %(window)s::interval - now()
FROM attempts
WHERE act = %(act)s AND subject = %(subject)s;

-- name: delete_attempts
-- The attempts of a subject: it succeeded.
DELETE FROM attempts
WHERE act = %s AND subject = %s;

-- name: delete_old_attempts
-- The attempts that count no more.
DELETE FROM attempts
WHERE used_until < now();
