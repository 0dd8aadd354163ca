-- The second wall: what arrives for a tenant meets what is kept for that tenant, whatever the
-- query says.
--
-- Forms and mail come in as the role casefold_requests, which owns nothing and may do what is
-- granted here and no more. Their transactions say `casefold.tenant`; where they do not, it is
-- empty, and fits none.

-- A real column: under a policy, only plain comparisons of columns are looked up in an index.
-- Mail programs change the capitals of a subject.
alter table cases
    add column reference_key text generated always as (upper(reference)) stored;
drop index cases_reference;
create index cases_reference on cases (tenant, reference_key);

alter table arrivals enable row level security;
grant select, insert on arrivals to casefold_requests;
create policy apart on arrivals to casefold_requests
    using (tenant = nullif(current_setting('casefold.tenant', true), ''));

alter table idempotency enable row level security;
grant select, insert on idempotency to casefold_requests;
create policy apart on idempotency to casefold_requests
    using (tenant = nullif(current_setting('casefold.tenant', true), ''));

alter table counters enable row level security;
grant select, insert, update on counters to casefold_requests;
create policy apart on counters to casefold_requests
    using (tenant = nullif(current_setting('casefold.tenant', true), ''));

alter table cases enable row level security;
grant select, insert on cases to casefold_requests;
create policy apart on cases to casefold_requests
    using (tenant = nullif(current_setting('casefold.tenant', true), ''));

alter table threads enable row level security;
grant select, insert on threads to casefold_requests;
create policy apart on threads to casefold_requests
    using (tenant = nullif(current_setting('casefold.tenant', true), ''));

-- What a request publishes goes to the end of the log, which it cannot read.
grant insert on log to casefold_requests;
grant select, insert, update on heads to casefold_requests;
