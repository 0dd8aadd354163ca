-- Codes that mails carry: what is kept of one is an HMAC, and the half that it is found by.
create table codes (
    name       text primary key,
    digest     bytea not null,
    purpose    text not null check (purpose in ('invitation', 'confirmation', 'choice', 'reset')),
    tenant     text not null,
    kind       text not null,
    person     text not null,
    cause      text not null,
    expires_at timestamptz not null,
    spent_at   timestamptz,
    created_at timestamptz not null default now()
);
create index codes_of_person on codes (tenant, kind, person, purpose) where spent_at is null;
create unique index codes_cause on codes (cause) where cause <> '';

create index accounts_of_person on accounts (tenant, kind, person);

-- Who forgot a password: kept for every user name alike, and worked off beside the request.
create table reset_asks (
    id        bigint generated always as identity primary key,
    user_name text not null,
    asked_at  timestamptz not null default now()
);

-- How far somebody has used up what they may try: the moment at which nothing is used any more.
create table attempts (
    act        text not null,
    subject    bytea not null,
    used_until timestamptz not null,
    primary key (act, subject)
);
create index attempts_end on attempts (used_until);
