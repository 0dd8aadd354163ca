-- The migrations of a database.

-- name: lock
-- Lets one process at a time migrate a database.
SELECT pg_advisory_xact_lock(%s);

-- name: create_table
-- Creates the table of applied migrations, with the digests of their files.
CREATE TABLE IF NOT EXISTS schema_migrations (
    name       text PRIMARY KEY,
    digest     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
);

-- name: applied
-- The migrations that were applied.
SELECT name, digest
FROM schema_migrations;

-- name: count_other_tables
-- The number of other tables than that of migrations.
SELECT count(*)
FROM pg_tables
WHERE schemaname = current_schema() AND tablename <> 'schema_migrations';

-- name: record
-- Saves that a migration was applied.
INSERT INTO schema_migrations (name, digest)
VALUES (%s, %s);
