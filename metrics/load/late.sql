-- Items whose whole day the proofs that came before them knew together, without them.
create or replace temp macro known_without(items) as table (
    with piece as (
        select
            i.account_key, i.item_key, s.start_moment, s.end_moment,
            s.start_local <= i.day * 86400 as is_from_midnight,
            s.end_local >= (i.day + 1) * 86400 as is_to_midnight
        from query_table(items) i
        join local_stretch s
            on s.account_key = i.account_key and s.stream = i.stream and s.proof is not null
            and s.seen_at < i.first_seen_at
            and s.start_local < (i.day + 1) * 86400 and s.end_local > i.day * 86400
    ),
    chained as (
        select p.*, coalesce(p.start_moment > max(p.end_moment) over (
            partition by p.account_key, p.item_key order by p.start_moment, p.end_moment
            rows between unbounded preceding and 1 preceding), false) as is_after_gap
        from piece p
    )
    select account_key, item_key
    from chained
    group by account_key, item_key
    having bool_or(is_from_midnight) and bool_or(is_to_midnight) and not bool_or(is_after_gap)
);

-- Own items: backdated where the claim is early or the day was already known without it.
create or replace temp table late_suspect as
with known as (
    select account_key, seen_at, max(end_local) over (
        partition by account_key order by seen_at) // 86400 - 1 as last_day
    from local_stretch
    where proof is not null and stream = 'acts'
),
first_known as (
    select account_key, min(seen_at) as seen_at from known group by account_key
),
seen_after as (
    select o.account_key, o.post_key, o.day, o.first_seen_at
    from observed o
    join first_known f on f.account_key = o.account_key and f.seen_at < o.first_seen_at
)
select s.account_key, s.post_key as item_key, s.day, s.first_seen_at, 'acts' as stream
from seen_after s
asof join known k on k.account_key = s.account_key and k.seen_at < s.first_seen_at
where s.day <= k.last_day;

create or replace temp table late as
select account_key, item_key as post_key from known_without('late_suspect');
