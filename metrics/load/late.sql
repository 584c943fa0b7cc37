-- Own items: backdated where the claim is early or the day was already known without it.
create or replace temp table late as
with known as (
    select account_key, seen_at, max(last_day) over (
        partition by account_key order by seen_at rows unbounded preceding) as last_day
    from proven_day
    where proof is not null and stream = 'acts'
),
first_known as (
    select account_key, min(seen_at) as seen_at from known group by account_key
),
suspect as (
    select o.account_key, o.post_key, o.day, o.first_seen_at
    from observed o
    join first_known f on f.account_key = o.account_key and f.seen_at < o.first_seen_at
),
before_it as (
    select s.*, k.last_day
    from suspect s
    asof join known k on k.account_key = s.account_key and k.seen_at < s.first_seen_at
)
select distinct b.account_key, b.post_key
from before_it b
join proven_day d
    on d.account_key = b.account_key and d.stream = 'acts' and d.proof is not null
    and d.seen_at < b.first_seen_at and b.day between d.first_day and d.last_day
where b.day <= b.last_day;
