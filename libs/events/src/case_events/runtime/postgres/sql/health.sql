-- Measurements for `/metrics`.

-- name: oldest_unpublished
-- The age in seconds of the oldest entry of the log that is not known to be published; 0 if there
-- is none.
SELECT coalesce(extract(epoch FROM clock_timestamp() - min(written_at)), 0)::float8
FROM log
LEFT JOIN published USING (partition)
WHERE log.sequence > coalesce(published.sequence, 0);

-- name: timers_due
-- The number of timers that are due.
SELECT count(*)
FROM timers
WHERE due <= clock_timestamp();
