-- read_run: unbroken runs of known off-season days on which every own act was read.
-- grain: person and run
-- columns:
--   person_key: person
--   first_day: first day of the run (days since 1970-01-01)
--   last_day: last day, inclusive
with part as (
    select s.person_key, s.first_day as day, 1 as step
    from person_segment s
    where s.is_exposed and s.phase = 'off_season'
    union all
    select s.person_key, s.last_day + 1 as day, -1 as step
    from person_segment s
    where s.is_exposed and s.phase = 'off_season'
    union all
    select u.person_key, u.day, -1 as step
    from unread_day u
    where u.phase = 'off_season'
    union all
    select u.person_key, u.day + 1 as day, 1 as step
    from unread_day u
    where u.phase = 'off_season'
),
level as (
    select
        t.person_key, t.day,
        sum(sum(t.step)) over (partition by t.person_key order by t.day) as depth
    from part t
    group by t.person_key, t.day
),
edge as (
    select
        v.*,
        lag(v.depth, 1, 0) over (partition by v.person_key order by v.day) as depth_before
    from level v
),
paired as (
    select
        e.*,
        lead(e.day) over (partition by e.person_key order by e.day) as next_day
    from edge e
    where e.depth = 0 or e.depth_before = 0
)
select p.person_key, p.day as first_day, p.next_day - 1 as last_day
from paired p
where p.depth > 0
