-- The runtime's own tables, the same in the database of every service.
--
-- Two logins use this database. The service's own login owns everything here. Requests have a login
-- that owns nothing and is a member of the role casefold_requests, to which a service grants what
-- its requests need. Row-level security is on for every table, so a table without a policy shows
-- them nothing, whatever is granted.

CREATE TABLE partitions (
    partition integer PRIMARY KEY,
    epoch bigint NOT NULL DEFAULT 0,
    owner text NOT NULL DEFAULT ''
);

-- The last place given out in each partition's log. Its row lock makes the sequence gapless and in
-- order of commit, whoever writes: the owner, or an HTTP or SMTP session on any replica.
CREATE TABLE log_positions (
    partition integer PRIMARY KEY,
    sequence bigint NOT NULL
);

CREATE TABLE published (
    partition integer PRIMARY KEY,
    sequence bigint NOT NULL
);

CREATE TABLE log (
    partition integer NOT NULL,
    sequence bigint NOT NULL,
    topic text NOT NULL,
    target_partition integer NOT NULL,
    key text NOT NULL,
    case_id uuid,
    version bigint NOT NULL,
    type text NOT NULL,
    headers jsonb NOT NULL,
    value bytea NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (partition, sequence)
);

-- One line of versions per case, whatever goes wrong above.
CREATE UNIQUE INDEX log_history ON log (case_id, version) WHERE version > 0;

-- What we have read, by topic, partition and source: `Tracking` of the eventsourcing library, which
-- reads this table as it is; `next_offset` says where to read on in Kafka.
CREATE TABLE tracking (
    application_name text NOT NULL,
    notification_id bigint NOT NULL,
    partition integer NOT NULL,
    topic text NOT NULL,
    source text NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (application_name)
);
CREATE INDEX tracking_partition ON tracking (partition);

CREATE TABLE snapshots (
    case_id uuid PRIMARY KEY,
    partition integer NOT NULL,
    version bigint NOT NULL,
    digest text NOT NULL,
    state jsonb NOT NULL
);

CREATE TABLE documents (
    case_id uuid NOT NULL,
    key text NOT NULL,
    document jsonb NOT NULL,
    PRIMARY KEY (case_id, key)
);

CREATE TABLE timers (
    case_id uuid NOT NULL,
    name text NOT NULL,
    partition integer NOT NULL,
    due timestamptz NOT NULL,
    cause bytea NOT NULL,
    PRIMARY KEY (case_id, name)
);
CREATE INDEX timers_in_order ON timers (due, case_id);
-- What stands by is due `case_events.kernel.DORMANT`.
CREATE INDEX timers_dormant ON timers (name, partition)
    WHERE due = '9999-01-01 00:00:00+00';

CREATE TABLE effects (
    key text PRIMARY KEY,
    case_id uuid NOT NULL,
    partition integer NOT NULL,
    kind text NOT NULL,
    payload bytea NOT NULL,
    cause bytea NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'claimed', 'done')),
    attempts integer NOT NULL DEFAULT 0,
    first_attempt_at timestamptz,
    uncertain boolean NOT NULL DEFAULT false,
    due timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX effects_due ON effects (partition, due) WHERE state = 'waiting';
CREATE INDEX effects_claimed ON effects (partition) WHERE state = 'claimed';

CREATE TABLE parked (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partition integer NOT NULL,
    case_id uuid NOT NULL,
    delivery jsonb NOT NULL,
    error text NOT NULL,
    -- What it waits for, to go on by itself; empty where it waits for an operator.
    awaits text NOT NULL,
    retry boolean NOT NULL DEFAULT false,
    parked_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX parked_partition ON parked (partition, place);

-- What operators gave up of it, and why.
CREATE TABLE discarded (
    place bigint PRIMARY KEY,
    partition integer NOT NULL,
    case_id uuid NOT NULL,
    delivery jsonb NOT NULL,
    error text NOT NULL,
    awaits text NOT NULL,
    parked_at timestamptz NOT NULL,
    reason text NOT NULL,
    discarded_by text NOT NULL,
    discarded_at timestamptz NOT NULL DEFAULT now()
);

-- Records that do not come from whom they name, whole, as a client handed them over. What an
-- operator decided stays, with the reason.
CREATE TABLE quarantine (
    place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    record bytea NOT NULL,
    reason text NOT NULL,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'released', 'admitted', 'discarded')),
    why text NOT NULL DEFAULT '',
    quarantined_at timestamptz NOT NULL DEFAULT now(),
    decided_at timestamptz,
    UNIQUE (topic, partition, "offset")
);

DO $$
DECLARE
    made regclass;
BEGIN
    FOREACH made IN ARRAY ARRAY['schema_migrations', 'partitions', 'log_positions', 'published',
        'log', 'tracking', 'snapshots', 'documents', 'timers', 'effects', 'parked', 'discarded',
        'quarantine']
    LOOP
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made);
    END LOOP;
END
$$;

-- A request writes to the log by the two functions below and in no other way. They run as the owner
-- of the log. A service whose requests publish grants their execution.

-- Reserves sequences of the log, a number of them for each partition; returns the last of each. The
-- rows are locked until the transaction ends. No sequence is ever given twice.
CREATE FUNCTION reserve_sequences(wanted_partitions integer[], counts bigint[])
    RETURNS TABLE (reserved_partition integer, last_sequence bigint)
    LANGUAGE sql SECURITY DEFINER
    SET search_path = public, pg_temp
    AS $$
        INSERT INTO log_positions AS h (partition, sequence)
        SELECT wanted, number
        FROM unnest(wanted_partitions, counts) AS w (wanted, number)
        WHERE number BETWEEN 1 AND 1000
        ON CONFLICT (partition) DO UPDATE SET sequence = h.sequence + excluded.sequence
        RETURNING h.partition, h.sequence
    $$;
REVOKE EXECUTE ON FUNCTION reserve_sequences FROM PUBLIC;

-- The value of a record, to be read here. It may have the character NUL in a text, written as an
-- escape, which PostgreSQL's text cannot hold: another character stands for it.
CREATE FUNCTION record_of(content bytea) RETURNS json
    LANGUAGE sql IMMUTABLE STRICT
    RETURN regexp_replace(
        convert_from(content, 'UTF8'), '(?<!\\)((?:\\\\)*)\\u0000', '\1\\ufffd', 'g'
    )::json;

-- Whether a request may publish this record: for its own tenant, and as its own person. Intake
-- finds the sender of a mail only while it reads the mail: there the kind is `mail`.
CREATE FUNCTION is_of_request(header jsonb, record json) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN coalesce(
        current_setting('casefold.tenant', true) <> ''
        AND header ->> 'ce_tenant' = current_setting('casefold.tenant', true)
        AND record ->> 'tenant' = current_setting('casefold.tenant', true)
        AND CASE current_setting('casefold.kind', true)
            WHEN 'mail' THEN record #>> '{actor,kind}' IN ('contact', 'agent', 'unknown', 'system')
            ELSE record #>> '{actor,kind}' = current_setting('casefold.kind', true)
                AND record #>> '{actor,id}' = current_setting('casefold.person', true)
        END,
        false
    );

-- Appends records of a request to the log: none of the history of a case, and all with the tenant
-- of the request. A record of another tenant or actor is refused.
CREATE FUNCTION append_of_request(
    partitions integer[], sequences bigint[], topics text[], target_partitions integer[],
    keys text[], cases uuid[], types text[], headers jsonb[], contents bytea[]
) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp
    AS $$
BEGIN
    IF NOT (
        SELECT bool_and(is_of_request(header, record_of(content)))
        FROM unnest(headers, contents) AS e (header, content)
    ) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'a request publishes for its own tenant and as its own person only';
    END IF;
    INSERT INTO log (partition, sequence, topic, target_partition, key, case_id, version, type,
        headers, value)
    SELECT partition, sequence, topic, target_partition, key, case_id, 0, type,
        header || jsonb_build_object('ce_tenant', current_setting('casefold.tenant')), content
    FROM unnest(partitions, sequences, topics, target_partitions, keys, cases, types, headers,
        contents) AS e (partition, sequence, topic, target_partition, key, case_id, type, header,
        content);
END
$$;
REVOKE EXECUTE ON FUNCTION append_of_request FROM PUBLIC;
