-- What waits for a decision is found without looking at any other case.
create function portal_is_undecided(decisions jsonb) returns boolean
    language sql immutable parallel safe
    return exists (
        select from jsonb_each(coalesce(decisions, '{}')) as held (decision, stand)
        where stand ->> 'state' = 'asked'
    );

alter table memories
    add column undecided boolean
    generated always as (portal_is_undecided(state -> 'decisions')) stored;

create index memories_undecided on memories (tenant) where undecided and status_kind <> 'final';
