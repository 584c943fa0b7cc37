-- stream_segment: stretches of days on which a stream's accounts could have acted and would have been seen.
-- grain: stream, person and stretch
-- columns:
--   stream: acts, replies or campaign
--   person_key: person
--   first_day: first day (days since 1970-01-01)
--   last_day: last day, inclusive
--   phase: season, aftermath or off_season
with change as (
    select a.stream, a.person_key, a.first_day as day, 1 as step
    from stream_account a
    union all
    select a.stream, a.person_key, a.last_day + 1 as day, -1 as step
    from stream_account a
),
level as (
    select
        c.stream, c.person_key, c.day,
        sum(sum(c.step)) over (partition by c.stream, c.person_key order by c.day) as depth,
        lead(c.day) over (partition by c.stream, c.person_key order by c.day) - 1 as last_day
    from change c
    group by c.stream, c.person_key, c.day
)
select
    v.stream,
    v.person_key,
    greatest(v.day, s.first_day) as first_day,
    least(v.last_day, s.last_day) as last_day,
    s.phase
from level v
join person_segment s
    on s.person_key = v.person_key and s.first_day <= v.last_day and s.last_day >= v.day
where v.depth > 0 and s.is_exposed
