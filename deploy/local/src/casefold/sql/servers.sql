-- The databases of a PostgreSQL server, and the logins of each.

-- name: list_databases
-- The names of all databases, and their owners.
SELECT datname, pg_get_userbyid(datdba)
FROM pg_database;

-- name: list_roles
-- Those of these roles that the server has.
SELECT rolname
FROM pg_roles
WHERE rolname = ANY(%s);

-- name: create_role
-- The role to which services grant what their requests need.
CREATE ROLE {role} NOLOGIN NOBYPASSRLS;

-- name: create_login
-- A login that may do nothing yet. The server gets a hash of the password only.
CREATE ROLE {login} LOGIN PASSWORD {hashed}
    NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;

-- name: set_password
-- Gives a login another password.
ALTER ROLE {login} PASSWORD {hashed};

-- name: grant_role
-- A login of requests may do what is granted to their role, and cannot become that role.
GRANT {role} TO {login} WITH INHERIT TRUE, SET FALSE;

-- name: become_owner
-- Lets an administrator who is no superuser make a database for its owner.
GRANT {login} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;

-- name: create_database
-- A new, empty database.
CREATE DATABASE {name} OWNER {owner};

-- name: close_database
-- Nobody but its owner uses a database.
REVOKE ALL ON DATABASE {name} FROM PUBLIC;

-- name: open_database
-- A login of requests may connect to its database.
GRANT CONNECT ON DATABASE {name} TO {login};

-- name: leave_owner
-- Takes back what `become_owner` gave.
REVOKE {login} FROM CURRENT_USER;
