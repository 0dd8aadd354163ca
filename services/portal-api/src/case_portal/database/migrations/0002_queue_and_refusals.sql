-- What breaches first: the soonest due of a clock that runs, or ran out and was not yet answered.
create function portal_next_due(clocks jsonb) returns timestamptz
    language sql immutable strict parallel safe
    return (
        select min(portal_instant(clock ->> 'due'))
        from jsonb_each(clocks) as held (target, clock)
        where clock ->> 'state' in ('running', 'warned', 'breached')
    );

alter table memories
    add column next_due timestamptz generated always as (portal_next_due(state -> 'clocks')) stored;

-- The desk's queue; cases without a clock come last, in order of arrival.
create index memories_queue on memories (tenant, next_due, created_at, case_id)
    where status_kind <> 'final';

-- Refusals lie under an id that stands for their tenant, so the tenant is in the document.
-- Those of before had what was refused inside, and did not say who it was.
update rows
set document = (document - 'refused') || jsonb_build_object(
    'id', substr(key, 9),
    'who', jsonb_build_object('kind', 'unknown', 'id', ''),
    'channel', '',
    'code', document #> '{refused,code}',
    'field', document #> '{refused,field}',
    'rule', document #> '{refused,rule}',
    'reason', document #> '{refused,reason}',
    'raw', coalesce(document #> '{refused,raw}', '""'),
    'title', coalesce(document #> '{refused,personal,title}', '""'),
    'text', coalesce(document #> '{refused,personal,text}', '""'),
    'author', coalesce(document #> '{refused,personal,author}', '{}')
)
where key like 'refused:%' and document ? 'refused';

create index rows_refused on rows
    ((document ->> 'tenant'), (portal_instant(document ->> 'at')) desc, key desc)
    where key like 'refused:%';
create index rows_refusal on rows (key) where key like 'refused:%';
