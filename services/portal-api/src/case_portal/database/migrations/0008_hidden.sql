-- A case can be hidden from agents, whom its fields name: for them it does not exist.
create function portal_names(names jsonb) returns text[]
    language sql immutable parallel safe
    return (select coalesce(array_agg(name), '{}') from jsonb_array_elements_text(
        coalesce(names, '[]')) as name);

alter table memories
    add column hidden_from text[] not null
    generated always as (portal_names(state -> 'hidden_from')) stored;
create index memories_hidden on memories (tenant) where cardinality(hidden_from) > 0;

-- What is hidden from whoever asks. It reads as the owner: under its own policy it found none.
create function portal_hidden() returns uuid[]
    language sql stable security definer
    set search_path from current
    as $$
        select coalesce(array_agg(case_id), '{}') from memories
        where tenant = current_setting('casefold.tenant', true)
        and current_setting('casefold.kind', true) = 'agent'
        and cardinality(hidden_from) > 0
        and current_setting('casefold.person', true) = any (hidden_from)
    $$;

alter policy apart on memories using (
    tenant = nullif(current_setting('casefold.tenant', true), '')
    and case current_setting('casefold.reach', true)
        when 'tenant' then current_setting('casefold.kind', true) <> 'agent'
            or current_setting('casefold.person', true) <> all (hidden_from)
        when 'customer' then customer = current_setting('casefold.customer', true)
        when 'contact' then customer = current_setting('casefold.customer', true)
            and (contact = current_setting('casefold.person', true)
                or state #> '{people,watchers}'
                    ? ('contact/' || current_setting('casefold.person', true)))
        else false
    end
);

-- A link names another case, and so does what was refused. An outcome is for whoever asked.
-- The scalar subqueries are worked out once for each query.
alter policy apart on rows using (
    tenant = nullif(current_setting('casefold.tenant', true), '')
    and case
        when current_setting('casefold.reach', true) = 'tenant' then
            key like 'outcome:%'
            or (case_id <> all ((select portal_hidden())::uuid[])
                and (key not like 'link:%' and key not like 'refused:%'
                    or coalesce((document ->> 'case')::uuid
                        <> all ((select portal_hidden())::uuid[]), true)))
        when key like 'entry:%' and not (document ->> 'internal')::boolean
            then (select true from memories where memories.case_id = rows.case_id)
        -- What was refused stands under the tenant, and not under the case.
        when key like 'outcome:%' then coalesce(
            (select true from memories where memories.case_id = rows.case_id),
            case when key ~ '^outcome:[0-9a-f-]{36}$'
                then (select true from asked where command = substr(key, 9)::uuid) end)
        else false
    end
);
