-- Everything that intake adds to the runtime's own tables.
--
-- The second wall: what arrives for a tenant meets what is kept for that tenant, whatever the
-- query says. Forms and mail come in by a login that owns nothing and may do what is granted here to
-- casefold_requests and no more. Their transactions say `casefold.tenant`; where they do not, it is
-- empty, and fits none.

CREATE TABLE arrivals (
    id          uuid PRIMARY KEY,
    tenant      text NOT NULL,
    channel     text NOT NULL,
    message_id  text NOT NULL,
    body_digest text NOT NULL,
    raw         text NOT NULL,
    received_at timestamptz NOT NULL,
    outcome     text NOT NULL,
    why         text NOT NULL,
    case_id     uuid,
    reference   text NOT NULL
);
-- A mail is one arrival, however often it is handed over. Posts have their own keys.
CREATE UNIQUE INDEX arrivals_mail ON arrivals (tenant, message_id, body_digest)
    WHERE channel = 'mail';
ALTER TABLE arrivals ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON arrivals TO casefold_requests;
CREATE POLICY apart ON arrivals TO casefold_requests
    USING (tenant = nullif(current_setting('casefold.tenant', true), ''));

CREATE TABLE idempotency (
    tenant      text NOT NULL,
    principal   text NOT NULL,
    key         text NOT NULL,
    body_digest text NOT NULL,
    case_id     uuid NOT NULL,
    reference   text NOT NULL,
    PRIMARY KEY (tenant, principal, key)
);
ALTER TABLE idempotency ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON idempotency TO casefold_requests;
CREATE POLICY apart ON idempotency TO casefold_requests
    USING (tenant = nullif(current_setting('casefold.tenant', true), ''));

CREATE TABLE counters (
    tenant text NOT NULL,
    year   integer NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (tenant, year)
);
ALTER TABLE counters ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON counters TO casefold_requests;
CREATE POLICY apart ON counters TO casefold_requests
    USING (tenant = nullif(current_setting('casefold.tenant', true), ''));

-- Mail programs change the capitals of a subject. `reference_key` is a real column: under a policy,
-- only plain comparisons of columns are looked up in an index.
CREATE TABLE cases (
    tenant        text NOT NULL,
    case_id       uuid NOT NULL,
    reference     text NOT NULL,
    customer      text NOT NULL,
    contact       text NOT NULL,
    reference_key text GENERATED ALWAYS AS (upper(reference)) STORED,
    PRIMARY KEY (tenant, case_id),
    UNIQUE (tenant, reference)
);
CREATE INDEX cases_reference ON cases (tenant, reference_key);
ALTER TABLE cases ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON cases TO casefold_requests;
CREATE POLICY apart ON cases TO casefold_requests
    USING (tenant = nullif(current_setting('casefold.tenant', true), ''));

CREATE TABLE threads (
    tenant     text NOT NULL,
    message_id text NOT NULL,
    case_id    uuid NOT NULL,
    public     boolean NOT NULL,
    PRIMARY KEY (tenant, message_id),
    FOREIGN KEY (tenant, case_id) REFERENCES cases (tenant, case_id)
);
ALTER TABLE threads ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON threads TO casefold_requests;
CREATE POLICY apart ON threads TO casefold_requests
    USING (tenant = nullif(current_setting('casefold.tenant', true), ''));

-- What a request publishes goes to the end of the log, which it can neither read nor write itself.
GRANT EXECUTE ON FUNCTION reserve_sequences, append_of_request TO casefold_requests;

-- Where a merged case goes on is remembered by the reaction: mail that comes in asks it, and sees
-- what is its tenant's.
GRANT SELECT ON snapshots TO casefold_requests;
CREATE POLICY apart ON snapshots FOR SELECT TO casefold_requests
    USING (state ->> 'tenant' = nullif(current_setting('casefold.tenant', true), ''));
