-- The second wall: what a request may see is held against who asks it, whatever the query says.
--
-- Requests come as the role casefold_requests, which owns nothing and may do what is granted
-- here and no more. Their transactions say `casefold.tenant`, `.kind`, `.person`, `.customer`
-- and `.reach`; what is not said is empty, and fits nobody. The runtime owns the tables, and
-- writes them for all tenants.

-- Rows say whose they are. Those of before did not: their case does, or who asked the command.
alter table rows disable trigger portal_wake;
update rows
set document = rows.document || jsonb_build_object('tenant', memories.tenant)
from memories
where memories.case_id = rows.case_id and memories.tenant <> '' and not rows.document ? 'tenant';
update rows
set document = rows.document || jsonb_build_object('tenant', asked.tenant)
from asked
where rows.key = 'outcome:' || asked.command and not rows.document ? 'tenant';
alter table rows enable trigger portal_wake;

-- While replicas of the version before still write beside those of this one.
create function portal_own() returns trigger language plpgsql as $$
begin
    new.document := new.document || jsonb_build_object('tenant', coalesce(
        (select tenant from memories where case_id = new.case_id and tenant <> ''),
        (select tenant from asked where new.key = 'outcome:' || command), ''));
    return new;
end
$$;
create trigger portal_own before insert or update on rows
    for each row when (not new.document ? 'tenant') execute function portal_own();

-- Real columns: under a policy, only plain comparisons of columns are looked up in an index.
alter table rows
    add column tenant text generated always as (document ->> 'tenant') stored,
    add column at timestamptz generated always as (portal_instant(document ->> 'at')) stored;
alter table memories
    add column reference_key text generated always as (upper(state ->> 'reference')) stored;

drop index rows_refused, rows_reading, memories_reference;
create index rows_refused on rows (tenant, at desc, key desc) where key like 'refused:%';
create index rows_reading on rows (tenant, at, case_id) where key like 'reading:%';
create index memories_reference on memories (tenant, reference_key);

alter table memories enable row level security;
grant select on memories to casefold_requests;
create policy apart on memories for select to casefold_requests using (
    tenant = nullif(current_setting('casefold.tenant', true), '')
    and case current_setting('casefold.reach', true)
        when 'tenant' then true
        when 'customer' then customer = current_setting('casefold.customer', true)
        when 'contact' then customer = current_setting('casefold.customer', true)
            and (contact = current_setting('casefold.person', true)
                or state #> '{people,watchers}'
                    ? ('contact/' || current_setting('casefold.person', true)))
        else false
    end
);

-- Contacts see what is public of the cases that they see; never what the desk counts or refused.
-- `exists` would be planned as a look through all cases of the tenant.
alter table rows enable row level security;
grant select on rows to casefold_requests;
create policy apart on rows for select to casefold_requests using (
    tenant = nullif(current_setting('casefold.tenant', true), '')
    and case
        when current_setting('casefold.reach', true) = 'tenant' then true
        when key like 'outcome:%' or key like 'entry:%' and not (document ->> 'internal')::boolean
            then (select true from memories where memories.case_id = rows.case_id)
        else false
    end
);

alter table asked enable row level security;
grant select, insert on asked to casefold_requests;
create policy apart on asked to casefold_requests using (
    tenant = nullif(current_setting('casefold.tenant', true), '')
    and person_kind = current_setting('casefold.kind', true)
    and person = current_setting('casefold.person', true)
);

alter table articles enable row level security;
grant select on articles to casefold_requests;
create policy apart on articles for select to casefold_requests using (
    tenant = nullif(current_setting('casefold.tenant', true), '')
    and (audience = 'contact' or current_setting('casefold.reach', true) = 'tenant')
);
alter table article_words enable row level security;
grant select on article_words to casefold_requests;
create policy apart on article_words for select to casefold_requests using (
    tenant = nullif(current_setting('casefold.tenant', true), '')
    and (audience = 'contact' or current_setting('casefold.reach', true) = 'tenant')
);

-- A log-in comes before it is known of which tenant: the service looks it up in its own name, by
-- a secret. To requests there are no accounts, sessions or tokens.
alter table accounts enable row level security;
alter table sessions enable row level security;
alter table api_tokens enable row level security;

-- What a request publishes goes to the end of the log, which it cannot read.
grant insert on log to casefold_requests;
grant select, insert, update on heads to casefold_requests;

-- Codes, asks and attempts are the service's own too.
alter table codes enable row level security;
alter table reset_asks enable row level security;
alter table attempts enable row level security;
