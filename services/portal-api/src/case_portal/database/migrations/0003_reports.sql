-- What was missed and answered after all presses no more.
create or replace function portal_next_due(clocks jsonb) returns timestamptz
    language sql immutable strict parallel safe
    return (
        select min(portal_instant(clock ->> 'due'))
        from jsonb_each(clocks) as held (target, clock)
        where clock ->> 'state' in ('running', 'warned', 'breached')
        and not coalesce((clock ->> 'answered')::boolean, false)
    );
update memories set state = state where status_kind <> 'final';

-- Reports find the cases of which something was decided in a period, and then all their readings.
create index rows_reading on rows
    ((document ->> 'tenant'), (portal_instant(document ->> 'at')), case_id)
    where key like 'reading:%';

-- A reading changes no page.
create or replace function portal_wake() returns trigger language plpgsql as $$
begin
    if new.key like 'outcome:%' then
        perform pg_notify('outcome', new.key);
    elsif new.key not like 'reading:%' then
        perform pg_notify('case', new.case_id::text);
    end if;
    return null;
end
$$;
