-- The case history as the eventsourcing library knows it: its stock recorder reads this view.
CREATE VIEW stored_events AS
SELECT case_id AS originator_id,
       version AS originator_version,
       type AS topic,
       value AS state,
       id AS notification_id
FROM log
WHERE version > 0;

CREATE INDEX log_id ON log (id) WHERE version > 0;
CREATE INDEX memories_reference ON memories ((state -> 'case' ->> 'reference'));
