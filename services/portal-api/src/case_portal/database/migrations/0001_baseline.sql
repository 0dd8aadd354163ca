-- Everything that the portal adds to the runtime's own tables.
--
-- Row-level security checks what a request may see against its principal, whatever the query says.
-- Requests have a login that owns nothing and may do only what is granted here to casefold_requests.
-- Their transactions set `casefold.tenant`, `.kind`, `.person`, `.customer`, `.reach` and
-- `.administers`; an unset setting is empty, and matches no row. The runtime owns the tables, and
-- writes them for all tenants.

-- Both come with PostgreSQL, and the owner of the database may create them.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;


-- Cases: the columns by which lists filter and sort. The database computes them from the state that
-- the runtime writes. They are real columns because, under a policy, PostgreSQL uses an index only
-- for plain comparisons of columns.

-- The instants in the state have their zone, so the cast depends on nothing else.
CREATE FUNCTION portal_instant(value text) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN value::timestamptz;

-- The earliest due of a clock that runs, or that was breached and has no answer yet.
CREATE FUNCTION portal_next_due(clocks jsonb) RETURNS timestamptz
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (
        SELECT min(portal_instant(clock ->> 'due'))
        FROM jsonb_each(clocks) AS held (target, clock)
        WHERE clock ->> 'state' IN ('running', 'warned', 'breached')
        AND NOT coalesce((clock ->> 'answered')::boolean, false)
    );

-- Finds the cases that wait for a decision without reading any other case.
CREATE FUNCTION portal_is_undecided(decisions jsonb) RETURNS boolean
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN EXISTS (
        SELECT FROM jsonb_each(coalesce(decisions, '{}')) AS held (decision, stand)
        WHERE stand ->> 'state' = 'asked'
    );

-- The agents from whom a case is hidden: its fields name them.
CREATE FUNCTION portal_names(names jsonb) RETURNS text[]
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (SELECT coalesce(array_agg(name), '{}') FROM jsonb_array_elements_text(
        coalesce(names, '[]')) AS name);

ALTER TABLE snapshots
    ADD COLUMN tenant         text GENERATED ALWAYS AS (state ->> 'tenant') STORED,
    ADD COLUMN customer       text GENERATED ALWAYS AS (state ->> 'customer') STORED,
    ADD COLUMN contact        text GENERATED ALWAYS AS (state ->> 'contact') STORED,
    ADD COLUMN reference      text GENERATED ALWAYS AS (state ->> 'reference') STORED,
    ADD COLUMN reference_key  text GENERATED ALWAYS AS (upper(state ->> 'reference')) STORED,
    ADD COLUMN title          text GENERATED ALWAYS AS (state ->> 'title') STORED,
    ADD COLUMN case_type      text GENERATED ALWAYS AS (state ->> 'case_type') STORED,
    ADD COLUMN channel        text GENERATED ALWAYS AS (state ->> 'channel') STORED,
    ADD COLUMN priority       text GENERATED ALWAYS AS (state ->> 'priority') STORED,
    ADD COLUMN status         text GENERATED ALWAYS AS (state ->> 'status') STORED,
    ADD COLUMN status_kind    text GENERATED ALWAYS AS (state ->> 'status_kind') STORED,
    ADD COLUMN waits_for      text GENERATED ALWAYS AS (state ->> 'waits_for') STORED,
    ADD COLUMN stands_out     boolean GENERATED ALWAYS AS ((state ->> 'stands_out')::boolean) STORED,
    ADD COLUMN team           text GENERATED ALWAYS AS (state ->> 'team') STORED,
    ADD COLUMN agent          text GENERATED ALWAYS AS (state ->> 'agent') STORED,
    ADD COLUMN created_at     timestamptz GENERATED ALWAYS AS (portal_instant(state ->> 'created_at')) STORED,
    ADD COLUMN updated_at     timestamptz GENERATED ALWAYS AS (portal_instant(state ->> 'updated_at')) STORED,
    ADD COLUMN last_answer_at timestamptz GENERATED ALWAYS AS (portal_instant(state ->> 'last_answer_at')) STORED,
    ADD COLUMN next_due       timestamptz GENERATED ALWAYS AS (portal_next_due(state -> 'clocks')) STORED,
    ADD COLUMN undecided      boolean GENERATED ALWAYS AS (portal_is_undecided(state -> 'decisions')) STORED,
    ADD COLUMN rated_at       timestamptz GENERATED ALWAYS AS (portal_instant(state #>> '{rating,rated_at}')) STORED,
    ADD COLUMN stars          integer GENERATED ALWAYS AS ((state #>> '{rating,stars}')::integer) STORED,
    ADD COLUMN hidden_from    text[] NOT NULL GENERATED ALWAYS AS (portal_names(state -> 'hidden_from')) STORED;

CREATE INDEX snapshots_of_contact ON snapshots (tenant, customer, contact, updated_at DESC);
CREATE INDEX snapshots_of_agent ON snapshots (tenant, agent, updated_at DESC);
CREATE INDEX snapshots_of_tenant ON snapshots (tenant, updated_at DESC);
-- The queue of agents; cases without a clock are last, in order of arrival.
CREATE INDEX snapshots_queue ON snapshots (tenant, next_due, created_at, case_id)
    WHERE status_kind <> 'final';
CREATE INDEX snapshots_undecided ON snapshots (tenant) WHERE undecided AND status_kind <> 'final';
-- The report of topics counts the cases of a period.
CREATE INDEX snapshots_created ON snapshots (tenant, created_at);
CREATE INDEX snapshots_reference ON snapshots (tenant, reference_key);
CREATE INDEX snapshots_rated ON snapshots (tenant, rated_at) WHERE rated_at IS NOT NULL;
CREATE INDEX snapshots_hidden ON snapshots (tenant) WHERE cardinality(hidden_from) > 0;

-- The cases that are hidden from the principal. It runs as the owner: under its own policy it
-- would find none.
CREATE FUNCTION portal_hidden() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp
    AS $$
        SELECT coalesce(array_agg(case_id), '{}') FROM snapshots
        WHERE tenant = current_setting('casefold.tenant', true)
        AND current_setting('casefold.kind', true) = 'agent'
        AND cardinality(hidden_from) > 0
        AND current_setting('casefold.person', true) = ANY (hidden_from)
    $$;

GRANT SELECT ON snapshots TO casefold_requests;
CREATE POLICY apart ON snapshots FOR SELECT TO casefold_requests USING (
    tenant = nullif(current_setting('casefold.tenant', true), '')
    AND CASE current_setting('casefold.reach', true)
        WHEN 'tenant' THEN current_setting('casefold.kind', true) <> 'agent'
            OR current_setting('casefold.person', true) <> ALL (hidden_from)
        WHEN 'customer' THEN customer = current_setting('casefold.customer', true)
        WHEN 'contact' THEN customer = current_setting('casefold.customer', true)
            AND (contact = current_setting('casefold.person', true)
                OR state #> '{people,watchers}'
                    ? ('contact/' || current_setting('casefold.person', true)))
        ELSE false
    END
);


-- The sender of each command, who alone may see its outcome. A new case has no reference yet:
-- `key` and `digest` make it one case, however often it is sent, and `form` has the typed values.
CREATE TABLE asked (
    command     uuid PRIMARY KEY,
    tenant      text NOT NULL,
    person_kind text NOT NULL,
    person      text NOT NULL,
    reference   text NOT NULL,
    key         text NOT NULL DEFAULT '',
    digest      text NOT NULL DEFAULT '',
    form        jsonb,
    asked_at    timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX asked_once ON asked (tenant, person_kind, person, key, digest) WHERE key <> '';
ALTER TABLE asked ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT ON asked TO casefold_requests;
CREATE POLICY apart ON asked TO casefold_requests USING (
    tenant = nullif(current_setting('casefold.tenant', true), '')
    AND person_kind = current_setting('casefold.kind', true)
    AND person = current_setting('casefold.person', true)
);


-- Documents of cases: entries of their history, outcomes of commands, links, target results,
-- changes. A refusal is stored under an id that stands for its tenant, so the document has the
-- tenant.

ALTER TABLE documents
    ADD COLUMN tenant text GENERATED ALWAYS AS (document ->> 'tenant') STORED,
    ADD COLUMN at     timestamptz GENERATED ALWAYS AS (portal_instant(document ->> 'at')) STORED;

-- The outcome of a command is found by the id of the command alone.
CREATE INDEX documents_outcome ON documents (key) WHERE key LIKE 'outcome:%';
CREATE INDEX documents_refused ON documents (tenant, at DESC, key DESC) WHERE key LIKE 'refused:%';
CREATE INDEX documents_security ON documents (tenant, at DESC, key DESC) WHERE key LIKE 'security:%';
CREATE INDEX documents_refusal ON documents (key) WHERE key LIKE 'refused:%';
-- Reports find the cases with a target result in a period, and then all their results.
CREATE INDEX documents_reading ON documents (tenant, at, case_id) WHERE key LIKE 'reading:%';
CREATE INDEX documents_turn ON documents (tenant, at, case_id) WHERE key LIKE 'turn:%';

-- Contacts see the public documents of the cases that they see, and never target results or
-- refusals. A link names another case, and so does a refusal. An outcome is for the sender of the
-- command. The security log is for administrators. PostgreSQL would plan `exists` as a scan of all cases of the tenant; it evaluates the
-- scalar subqueries once for each query.
GRANT SELECT ON documents TO casefold_requests;
CREATE POLICY apart ON documents FOR SELECT TO casefold_requests USING (
    tenant = nullif(current_setting('casefold.tenant', true), '')
    AND CASE
        WHEN key LIKE 'security:%' THEN current_setting('casefold.administers', true) = 'yes'
        WHEN current_setting('casefold.reach', true) = 'tenant' THEN
            key LIKE 'outcome:%'
            OR (case_id <> ALL ((SELECT portal_hidden())::uuid[])
                AND (key NOT LIKE 'link:%' AND key NOT LIKE 'refused:%'
                    OR coalesce((document ->> 'case')::uuid
                        <> ALL ((SELECT portal_hidden())::uuid[]), true)))
        WHEN key LIKE 'entry:%' AND NOT (document ->> 'internal')::boolean
            THEN (SELECT true FROM snapshots WHERE snapshots.case_id = documents.case_id)
        -- A refusal is stored under the tenant, and not under the case.
        WHEN key LIKE 'outcome:%' THEN coalesce(
            (SELECT true FROM snapshots WHERE snapshots.case_id = documents.case_id),
            CASE WHEN key ~ '^outcome:[0-9a-f-]{36}$'
                THEN (SELECT true FROM asked
                    WHERE asked.command = substr(documents.key, 9)::uuid) END)
        ELSE false
    END
);

-- Wakes the waiting pages, on every replica, when the transaction commits. A target result and an
-- event of the security log change no page that waits.
CREATE FUNCTION portal_wake() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF new.key LIKE 'outcome:%' THEN
        PERFORM pg_notify('outcome', new.key);
    ELSIF new.key NOT LIKE 'reading:%' AND new.key NOT LIKE 'security:%' THEN
        PERFORM pg_notify('case', new.case_id::text);
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER portal_wake AFTER INSERT OR UPDATE ON documents
    FOR EACH ROW EXECUTE FUNCTION portal_wake();


-- A request appends its records to the log, which it can neither read nor write itself.
GRANT EXECUTE ON FUNCTION reserve_sequences, append_of_request TO casefold_requests;


-- Accounts and access. At a log-in the tenant is not known yet, so the service itself looks up
-- accounts, by a secret. Requests cannot see accounts, sessions, tokens or codes.

CREATE TABLE accounts (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant        text NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('contact', 'agent', 'auditor', 'operator')),
    person        text NOT NULL,
    user_name     text NOT NULL,
    password_hash text NOT NULL,
    active        boolean NOT NULL DEFAULT true,
    created_at    timestamptz NOT NULL DEFAULT now(),
    UNIQUE (tenant, user_name)
);
CREATE INDEX accounts_user_name ON accounts (user_name);
CREATE INDEX accounts_of_person ON accounts (tenant, kind, person);
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;

-- Secrets are stored only as their SHA-256. `address` and `program` say from where the session was
-- opened.
CREATE TABLE sessions (
    token_hash bytea PRIMARY KEY,
    id         uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    account    bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    opened_at  timestamptz NOT NULL DEFAULT now(),
    used_at    timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    address    text NOT NULL,
    program    text NOT NULL
);
CREATE INDEX sessions_expiry ON sessions (expires_at);
CREATE INDEX sessions_of_account ON sessions (account);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;

CREATE TABLE api_tokens (
    token_hash bytea PRIMARY KEY,
    id         uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE,
    account    bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    name       text NOT NULL,
    reach      text NOT NULL CHECK (reach IN ('read', 'write')),
    created_at timestamptz NOT NULL DEFAULT now(),
    used_at    timestamptz,
    expires_at timestamptz NOT NULL
);
CREATE INDEX api_tokens_of_account ON api_tokens (account);
ALTER TABLE api_tokens ENABLE ROW LEVEL SECURITY;

-- What commands of an operator did to accounts, until the portal publishes it.
CREATE TABLE operator_notes (
    id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant text NOT NULL,
    event  jsonb NOT NULL
);
ALTER TABLE operator_notes ENABLE ROW LEVEL SECURITY;

-- Codes in mails: stored as an HMAC, and the name by which the code is found.
CREATE TABLE codes (
    name       text PRIMARY KEY,
    digest     bytea NOT NULL,
    purpose    text NOT NULL CHECK (purpose IN ('invitation', 'confirmation', 'choice', 'reset')),
    tenant     text NOT NULL,
    kind       text NOT NULL,
    person     text NOT NULL,
    cause      text NOT NULL,
    expires_at timestamptz NOT NULL,
    spent_at   timestamptz,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX codes_of_person ON codes (tenant, kind, person, purpose) WHERE spent_at IS NULL;
CREATE UNIQUE INDEX codes_cause ON codes (cause) WHERE cause <> '';
ALTER TABLE codes ENABLE ROW LEVEL SECURITY;

-- Requests to reset a password, stored for every user name alike. A background worker answers
-- them.
CREATE TABLE reset_asks (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_name text NOT NULL,
    client    jsonb NOT NULL,
    asked_at  timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE reset_asks ENABLE ROW LEVEL SECURITY;

-- The used attempts of each subject: the time at which none is used any more.
CREATE TABLE attempts (
    act        text NOT NULL,
    subject    bytea NOT NULL,
    used_until timestamptz NOT NULL,
    PRIMARY KEY (act, subject)
);
CREATE INDEX attempts_end ON attempts (used_until);
ALTER TABLE attempts ENABLE ROW LEVEL SECURITY;

-- Mails that are sent once, whichever replica finds that they are due. No request reads or writes
-- this table.
CREATE TABLE alerts (
    tenant  text NOT NULL,
    key     text NOT NULL,
    sent_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant, key)
);
ALTER TABLE alerts ENABLE ROW LEVEL SECURITY;


-- The knowledge base, and its search.

-- The words of a language: without accents, by their stem.
CREATE TEXT SEARCH CONFIGURATION portal_nl (COPY = dutch);
ALTER TEXT SEARCH CONFIGURATION portal_nl
    ALTER MAPPING FOR word, hword, hword_part WITH unaccent, dutch_stem;
CREATE TEXT SEARCH CONFIGURATION portal_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION portal_en
    ALTER MAPPING FOR word, hword, hword_part WITH unaccent, english_stem;
CREATE TEXT SEARCH CONFIGURATION portal_any (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION portal_any
    ALTER MAPPING FOR word, hword, hword_part WITH unaccent, simple;

CREATE FUNCTION portal_words(language text, written text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN CASE language
        WHEN 'nl' THEN to_tsvector('portal_nl'::regconfig, written)
        WHEN 'en' THEN to_tsvector('portal_en'::regconfig, written)
        ELSE to_tsvector('portal_any'::regconfig, written)
    END;

-- The newest version of each article. `record` is the id of its record, which rises with time. A
-- changed article gets another `number`, so words with the old number find nothing.
CREATE TABLE articles (
    tenant     text NOT NULL,
    id         text NOT NULL,
    number     integer GENERATED BY DEFAULT AS IDENTITY UNIQUE,
    record     uuid NOT NULL,
    topic      text NOT NULL,
    audience   text NOT NULL,
    case_types text[] NOT NULL,
    active     boolean NOT NULL,
    titles     jsonb NOT NULL,
    document   jsonb NOT NULL,
    PRIMARY KEY (tenant, id)
);
ALTER TABLE articles ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON articles TO casefold_requests;
CREATE POLICY apart ON articles FOR SELECT TO casefold_requests USING (
    tenant = nullif(current_setting('casefold.tenant', true), '')
    AND (audience = 'contact' OR current_setting('casefold.reach', true) = 'tenant')
);

-- For each word, the numbers of the active articles with the word in the title, or only in the text.
-- A rare word weighs more, and a word without articles was mistyped. The empty word has all
-- articles.
CREATE TABLE article_words (
    tenant   text NOT NULL,
    language text NOT NULL,
    audience text NOT NULL,
    word     text COLLATE "C" NOT NULL,
    titled   integer[] NOT NULL,
    written  integer[] NOT NULL,
    articles integer GENERATED ALWAYS AS (cardinality(titled) + cardinality(written)) STORED,
    PRIMARY KEY (tenant, language, audience, word)
);
ALTER TABLE article_words ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON article_words TO casefold_requests;
CREATE POLICY apart ON article_words FOR SELECT TO casefold_requests USING (
    tenant = nullif(current_setting('casefold.tenant', true), '')
    AND (audience = 'contact' OR current_setting('casefold.reach', true) = 'tenant')
);

CREATE FUNCTION portal_article_words(document jsonb)
    RETURNS TABLE (language text, word text, titled boolean)
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    SELECT language, word, 'A' = ANY(weights)
    FROM jsonb_each(document -> 'wordings') AS translated (language, wording)
    CROSS JOIN unnest(
        setweight(portal_words(language, wording ->> 'title'), 'A')
        || portal_words(language, wording ->> 'body')
    ) AS words (word, positions, weights)
    UNION ALL
    SELECT language, '', false FROM jsonb_object_keys(document -> 'wordings') AS language;
END;
