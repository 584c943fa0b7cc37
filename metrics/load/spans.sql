-- Days that are proven: whole local days inside stretches of known moments.
create or replace temp table vanishing as
with gone as (
    select account_id, post_key, min(seen_at) as gone_at
    from store.post
    where is_deleted
    group by account_id, post_key
)
select o.account_key
from observed o
join account_zone a using (account_key)
left join gone g on g.account_id = a.account_id and g.post_key = o.post_key
group by o.account_key
having count(*) filter (g.gone_at <= o.first_seen_at + interval 90 day) > 0.05 * count(*);

create or replace temp table bounded as
select
    a.account_key, a.account_id, a.timezone, s.stream, s.proof, s.seen_at,
    greatest(
        s.start_at, e.first_at,
        case when v.account_key is not null and s.stream = 'acts'
            then coalesce(w.began_at, s.end_at) end) as start_at,
    least(s.end_at, e.last_at) as end_at
from store.span s
join account_zone a using (account_id)
left join vanishing v using (account_key)
left join first_walk w on w.account_id = a.account_id
cross join zone_edge e;

-- Stretches that touch are one stretch.
create or replace temp table stretch as
with broken as (
    select
        k.*,
        coalesce(k.start_at > max(k.end_at) over (
            partition by k.account_key, k.stream order by k.start_at, k.end_at
            rows between unbounded preceding and 1 preceding), true) as is_start
    from bounded k
    where k.start_at < k.end_at
),
numbered as (
    select b.*, sum(b.is_start::integer) over (
        partition by b.account_key, b.stream order by b.start_at, b.end_at
        rows unbounded preceding) as island
    from broken b
)
select account_key, account_id, timezone, stream, min(start_at) as start_at, max(end_at) as end_at
from numbered
group by account_key, account_id, timezone, stream, island;

-- Each stretch, and each proof of it alone, in moments and in the seconds of local days.
create or replace temp table local_stretch as
with proven as (
    select s.*, null::text as proof, null::timestamp as seen_at from stretch s
    union all by name
    select b.* from bounded b where b.start_at < b.end_at
),
timed as (
    select
        p.*,
        epoch_us(p.start_at) // 1000000 + (epoch_us(p.start_at) % 1000000 > 0)::integer as start_moment,
        epoch_us(p.end_at) // 1000000 as end_moment
    from proven p
)
select
    t.*,
    t.start_moment + case when t.start_moment >= f.change_at
        then f.offset_after else f.offset_before end as start_local,
    t.end_moment + case when t.end_moment >= l.change_at
        then l.offset_after else l.offset_before end as end_local
from timed t
join zone_day f on f.timezone = t.timezone and f.utc_day = t.start_moment // 86400
join zone_day l on l.timezone = t.timezone and l.utc_day = t.end_moment // 86400;

insert into spans by name
select
    s.account_key, s.stream,
    ((s.start_local + 86399) // 86400)::integer as first_day,
    (s.end_local // 86400 - 1)::integer as last_day
from local_stretch s
where s.proof is null and (s.start_local + 86399) // 86400 <= s.end_local // 86400 - 1
order by all;

-- An account is valid from the roster's first day or its opening, else from what is known of it.
insert into accounts by name
with earliest as (
    select account_key, min(day) as day
    from (
        select account_key, min(day) as day from observed where not is_early group by account_key
        union all
        select account_key, min(first_day) as day from spans group by account_key
    )
    group by account_key
),
-- Mentions are shown while somebody listens, whatever a walk says of them.
listened as (
    select distinct account_key from bounded where stream = 'mentions' and start_at < end_at
),
dated as (
    select
        a.*,
        (a.valid_from - date '1970-01-01')::integer as from_day,
        ((epoch_us(o.created_at) // 1000000 + case when epoch_us(o.created_at) // 1000000 >= z.change_at
            then z.offset_after else z.offset_before end) // 86400)::integer as opened_day
    from account_zone a
    left join opened o using (account_id)
    left join zone_day z
        on z.timezone = a.timezone and z.utc_day = epoch_us(o.created_at) // 86400000000
)
select
    d.account_key, d.person_key, d.account_id, d.platform, d.run_by,
    coalesce(greatest(d.from_day, d.opened_day), e.day, p.start_day) as first_day,
    coalesce((d.valid_to - date '1970-01-01')::integer, 1000000) as last_day,
    coalesce(s.shows_acts, true) as shows_acts,
    coalesce(s.shows_replies, false) as shows_replies,
    coalesce(s.shows_received, false) as shows_received,
    coalesce(s.shows_mentions, false) or l.account_key is not null as shows_mentions
from dated d
cross join params p
left join earliest e using (account_key)
left join last_state s using (account_id)
left join listened l using (account_key)
order by d.account_key;
