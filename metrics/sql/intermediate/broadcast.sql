-- broadcast: stretches in which a person posted and replied to no citizen, long enough to be told.
-- grain: person and stretch
-- columns:
--   person_key: person
--   first_day: first day (days since 1970-01-01)
--   last_day: last day, inclusive
--   days: length
--   is_at_least: touches the window's edge or that of the observed days: it may be longer
--   is_possible: touches an eligible day on which a reply would not have been seen for sure
with unclear as (
    select distinct a.person_key, a.day
    from act a
    where a.kind = 'unknown'
),
seen_point as (
    select u.person_key, u.day, 1 as side
    from unclear u
    union all
    select r.person_key, r.first_day - 1 as day, 2 as side
    from observed_run r
    union all
    select r.person_key, r.last_day + 1 as day, 0 as side
    from observed_run r
),
seen_chained as (
    select
        p.person_key, p.day, p.side,
        lag(p.day) over (partition by p.person_key order by p.day, p.side) as day_before,
        lag(p.side) over (partition by p.person_key order by p.day, p.side) as side_before
    from seen_point p
),
seen as (
    select c.person_key, c.day_before + 1 as first_day, c.day - 1 as last_day
    from seen_chained c
    where c.side_before > 0 and c.side < 2 and c.day - c.day_before > 1
),
point as (
    select distinct t.person_key, t.day, 1 as side
    from talk_day t
    union all
    select s.person_key, s.first_day - 1 as day, 2 as side
    from seen s
    union all
    select s.person_key, s.last_day + 1 as day, 0 as side
    from seen s
),
chained as (
    select
        p.person_key, p.day, p.side,
        lag(p.day) over (partition by p.person_key order by p.day, p.side) as day_before,
        lag(p.side) over (partition by p.person_key order by p.day, p.side) as side_before
    from point p
),
silent as (
    select c.person_key, c.day_before + 1 as first_day, c.day - 1 as last_day
    from chained c
    cross join params p
    where c.side_before > 0 and c.side < 2 and c.day - c.day_before - 1 >= p.quiet_days
),
posted as (
    select distinct s.person_key, s.first_day, s.last_day
    from silent s
    join act a on a.person_key = s.person_key and a.day between s.first_day and s.last_day
    join own_account r on r.account_key = a.account_key
    where a.kind = 'post' and r.shows_replies
),
bound as (
    select s.person_key, min(s.first_day) as first_day, max(s.last_day) as last_day
    from seen s
    group by s.person_key
),
unseen_beside as (
    select distinct s.person_key, s.first_day
    from posted s
    join person_segment g on g.person_key = s.person_key
    join bound b on b.person_key = s.person_key
    where g.is_eligible and not (g.is_covered and g.has_replies)
        and (
            (g.last_day = s.first_day - 1 and g.last_day > b.first_day)
            or (g.first_day = s.last_day + 1 and g.first_day < b.last_day)
        )
    union
    select s.person_key, s.first_day
    from posted s
    join unclear u
        on u.person_key = s.person_key and (u.day = s.first_day - 1 or u.day = s.last_day + 1)
    join person_segment g
        on g.person_key = u.person_key and u.day between g.first_day and g.last_day
    join bound b on b.person_key = u.person_key and u.day > b.first_day and u.day < b.last_day
    where g.is_eligible
)
select
    s.person_key,
    s.first_day,
    s.last_day,
    s.last_day - s.first_day + 1 as days,
    s.first_day in (p.start_day, b.first_day) or s.last_day in (p.end_day - 1, b.last_day) as is_at_least,
    u.person_key is not null as is_possible
from posted s
cross join params p
join bound b on b.person_key = s.person_key
left join unseen_beside u on u.person_key = s.person_key and u.first_day = s.first_day
