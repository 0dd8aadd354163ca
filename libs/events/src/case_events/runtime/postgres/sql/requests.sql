-- The role of connections that serve requests, and the person for whom a transaction runs.

-- name: set_context
-- Sets variables for the rest of the transaction; the policies of the tables read them.
SELECT {settings};

-- fragment: setting
-- One variable and its value.
set_config(%s, %s, true)

-- name: find_role
-- A row without columns if the server has a role.
SELECT FROM pg_roles
WHERE rolname = %s;

-- name: create_role
-- Creates a role that owns nothing and obeys the policies.
CREATE ROLE {role} NOLOGIN NOBYPASSRLS;

-- name: may_set_role
-- Whether this user may take up a role.
SELECT pg_has_role(current_user, %s, 'SET');

-- name: grant_role
-- Lets this user take up a role.
GRANT {role} TO CURRENT_USER;
