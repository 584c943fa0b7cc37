-- Where they post, and what the platform said last.
create or replace temp table account_zone as
select
    cast(row_number() over (order by a.account_id) as integer) as account_key,
    a.account_id, z.person_key, z.timezone, a.platform, a.handle,
    coalesce(a.run_by, 'self') as run_by, a.valid_from, a.valid_to
from roster_accounts a
join person_zone z using (person_id);

create or replace temp table last_state as
select s.*
from store.account_state s
qualify row_number() over (partition by s.account_id order by s.seen_at desc, s.run_id desc) = 1;

create or replace temp table opened as
select account_id, max_by(created_at, seen_at) as created_at
from store.account_state
where created_at is not null
group by account_id;

create or replace temp table first_walk as
select account_id, min(began_at) as began_at
from store.account_run
where coalesce(status not in ('failed', 'skipped'), true)
group by account_id;
