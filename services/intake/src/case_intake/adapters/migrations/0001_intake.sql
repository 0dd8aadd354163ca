CREATE TABLE arrivals (
    id uuid PRIMARY KEY,
    tenant text NOT NULL,
    channel text NOT NULL,
    message_id text NOT NULL,
    body_digest text NOT NULL,
    raw text NOT NULL,
    received_at timestamptz NOT NULL,
    outcome text NOT NULL,
    why text NOT NULL,
    case_id uuid,
    reference text NOT NULL
);

-- A mail is one arrival, however often it is handed over. Posts have their own keys.
CREATE UNIQUE INDEX arrivals_mail ON arrivals (tenant, message_id, body_digest)
    WHERE channel = 'mail';

CREATE TABLE idempotency (
    tenant text NOT NULL,
    principal text NOT NULL,
    key text NOT NULL,
    body_digest text NOT NULL,
    case_id uuid NOT NULL,
    reference text NOT NULL,
    PRIMARY KEY (tenant, principal, key)
);

CREATE TABLE counters (
    tenant text NOT NULL,
    year integer NOT NULL,
    number bigint NOT NULL,
    PRIMARY KEY (tenant, year)
);

CREATE TABLE cases (
    tenant text NOT NULL,
    case_id uuid NOT NULL,
    reference text NOT NULL,
    customer text NOT NULL,
    contact text NOT NULL,
    PRIMARY KEY (tenant, case_id),
    UNIQUE (tenant, reference)
);

-- Mail programs change the capitals of a subject.
CREATE INDEX cases_reference ON cases (tenant, upper(reference));

CREATE TABLE threads (
    tenant text NOT NULL,
    message_id text NOT NULL,
    case_id uuid NOT NULL,
    public boolean NOT NULL,
    PRIMARY KEY (tenant, message_id),
    FOREIGN KEY (tenant, case_id) REFERENCES cases (tenant, case_id)
);
