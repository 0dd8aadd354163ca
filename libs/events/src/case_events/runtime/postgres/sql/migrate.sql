-- Which migrations a database has.

-- name: lock
-- One process at a time migrates a database.
SELECT pg_advisory_xact_lock(%s);

-- name: create_table
-- The migrations that were applied, with the digests of their files.
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
-- The number of tables beside the table of migrations.
SELECT count(*)
FROM pg_tables
WHERE schemaname = current_schema() AND tablename <> 'schema_migrations';

-- name: record
-- A migration was applied.
INSERT INTO schema_migrations (name, digest)
VALUES (%s, %s);
