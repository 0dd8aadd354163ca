-- Everything that workflow adds to the runtime's own tables.

-- The case history as the stock recorders of the eventsourcing library know it, for programs that
-- may read this database. A notification id is the partition and, in its low 40 bits, the position
-- within it. Events become visible in the order of their ids within one partition only: whoever
-- follows with one position for all partitions loses events.
CREATE VIEW stored_events AS
SELECT case_id AS originator_id,
       version AS originator_version,
       type AS topic,
       value AS state,
       (partition::bigint << 40) + sequence AS notification_id
FROM log
WHERE version > 0;

CREATE INDEX snapshots_reference ON snapshots ((state -> 'case' ->> 'reference'));

-- Whole months of a tenant's cases are read by when they were created.
CREATE FUNCTION history_instant(value text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN value::timestamptz;

CREATE INDEX log_created ON log ((headers ->> 'ce_tenant'), history_instant(headers ->> 'ce_time'))
    WHERE version = 1;

-- The open cases of a customer stand by for another agreement, and so are found.
CREATE INDEX timers_name ON timers (name text_pattern_ops);
