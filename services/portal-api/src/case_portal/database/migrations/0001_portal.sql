-- What lists filter and sort by, kept by the database beside the state that the runtime writes.
-- The instants of the state are written with their zone, so the cast depends on nothing else.
create function portal_instant(value text) returns timestamptz
    language sql immutable strict parallel safe
    return value::timestamptz;

alter table memories
    add column tenant         text generated always as (state ->> 'tenant') stored,
    add column customer       text generated always as (state ->> 'customer') stored,
    add column contact        text generated always as (state ->> 'contact') stored,
    add column reference      text generated always as (state ->> 'reference') stored,
    add column title          text generated always as (state ->> 'title') stored,
    add column case_type      text generated always as (state ->> 'case_type') stored,
    add column priority       text generated always as (state ->> 'priority') stored,
    add column status         text generated always as (state ->> 'status') stored,
    add column status_kind    text generated always as (state ->> 'status_kind') stored,
    add column waits_for      text generated always as (state ->> 'waits_for') stored,
    add column stands_out     boolean generated always as ((state ->> 'stands_out')::boolean) stored,
    add column team           text generated always as (state ->> 'team') stored,
    add column agent          text generated always as (state ->> 'agent') stored,
    add column created_at     timestamptz generated always as (portal_instant(state ->> 'created_at')) stored,
    add column updated_at     timestamptz generated always as (portal_instant(state ->> 'updated_at')) stored,
    add column last_answer_at timestamptz generated always as (portal_instant(state ->> 'last_answer_at')) stored;

create index memories_reference on memories (tenant, upper(reference));
create index memories_of_contact on memories (tenant, customer, contact, updated_at desc);
create index memories_of_agent on memories (tenant, agent, updated_at desc);
create index memories_of_tenant on memories (tenant, updated_at desc);

-- The answer to a command is looked up by the command alone.
create index rows_outcome on rows (key) where key like 'outcome:%';

-- Wakes the pages that wait, on whichever replica, when the transaction is kept.
create function portal_wake() returns trigger language plpgsql as $$
begin
    if new.key like 'outcome:%' then
        perform pg_notify('outcome', new.key);
    else
        perform pg_notify('case', new.case_id::text);
    end if;
    return null;
end
$$;

create trigger portal_wake after insert or update on rows
    for each row execute function portal_wake();

create table accounts (
    id            bigint generated always as identity primary key,
    tenant        text not null,
    kind          text not null check (kind in ('contact', 'agent', 'auditor', 'operator')),
    person        text not null,
    user_name     text not null check (user_name = lower(user_name)),
    password_hash text not null,
    active        boolean not null default true,
    created_at    timestamptz not null default now(),
    unique (tenant, user_name)
);
create index accounts_user_name on accounts (user_name);

-- Secrets are kept as their SHA-256 alone.
create table sessions (
    token_hash bytea primary key,
    account    bigint not null references accounts on delete cascade,
    expires_at timestamptz not null
);
create index sessions_expiry on sessions (expires_at);

create table api_tokens (
    token_hash bytea primary key,
    account    bigint not null references accounts on delete cascade,
    name       text not null,
    expires_at timestamptz,
    created_at timestamptz not null default now()
);

-- Who asked which command: what became of it is for them alone.
create table asked (
    command     uuid primary key,
    tenant      text not null,
    person_kind text not null,
    person      text not null,
    reference   text not null,
    asked_at    timestamptz not null default now()
);
