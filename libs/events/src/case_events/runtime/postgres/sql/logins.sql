-- The logins of a database.

-- name: role_exists
-- Whether the server has the role of requests.
SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s);

-- name: powers
-- Of the login of this connection: its name; whether it may more than use databases; whether it may
-- act as the owner of this database; whether it has what is granted to a role.
SELECT
    rolname,
    rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication,
    pg_has_role(rolname, datdba, 'MEMBER'),
    pg_has_role(rolname, %s, 'USAGE')
FROM pg_roles
CROSS JOIN pg_database
WHERE rolname = session_user AND datname = current_database();
