-- The databases of a PostgreSQL server.

-- name: list_databases
-- The names of all databases.
SELECT datname
FROM pg_database;

-- name: create_database
-- A new, empty database.
CREATE DATABASE {name};
