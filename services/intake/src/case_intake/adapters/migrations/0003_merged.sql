-- Where a merged case goes on is remembered by the reaction: mail that comes in asks it, and sees
-- what is its tenant's.
alter table memories enable row level security;
grant select on memories to casefold_requests;
create policy apart on memories for select to casefold_requests
    using (state ->> 'tenant' = nullif(current_setting('casefold.tenant', true), ''));
