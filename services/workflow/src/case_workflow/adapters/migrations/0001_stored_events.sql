-- The case history as the stock recorders of the eventsourcing library know it, for programs that
-- may read this database. A notification id is the partition and, in its low 40 bits, the position
-- within it. Events become visible in the order of their ids within one partition only: whoever
-- follows with one position for all partitions loses events.
CREATE VIEW stored_events AS
SELECT case_id AS originator_id,
       version AS originator_version,
       type AS topic,
       value AS state,
       (lane::bigint << 40) + sequence AS notification_id
FROM log
WHERE version > 0;

CREATE INDEX memories_reference ON memories ((state -> 'case' ->> 'reference'));
