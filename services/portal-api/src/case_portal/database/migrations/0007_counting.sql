-- What reports count: when cases came, turned and were rated.
alter table memories
    add column channel  text generated always as (state ->> 'channel') stored,
    add column rated_at timestamptz generated always as
        (portal_instant(state #>> '{rating,rated_at}')) stored,
    add column stars    integer generated always as ((state #>> '{rating,stars}')::integer) stored;
create index memories_rated on memories (tenant, rated_at) where rated_at is not null;
create index rows_turn on rows (tenant, at, case_id) where key like 'turn:%';

-- Mails that are sent once, whoever finds that they are due. The service's own: no request reads
-- or writes them.
create table alerts (
    tenant  text not null,
    key     text not null,
    sent_at timestamptz not null default now(),
    primary key (tenant, key)
);
alter table alerts enable row level security;
