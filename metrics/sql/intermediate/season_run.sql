-- season_run: a person's seasons in the window; those that touch are one.
-- grain: person and season
-- columns:
--   person_key: person
--   first_day: first day (days since 1970-01-01)
--   last_day: last day, inclusive
with flagged as (
    select
        s.person_key, s.first_day, s.last_day,
        case when lag(s.last_day) over (
            partition by s.person_key order by s.first_day) = s.first_day - 1
            then 0 else 1 end as is_start
    from person_segment s
    where s.phase = 'season'
),
numbered as (
    select
        f.*,
        sum(f.is_start) over (partition by f.person_key order by f.first_day) as run
    from flagged f
)
select n.person_key, min(n.first_day) as first_day, max(n.last_day) as last_day
from numbered n
group by n.person_key, n.run
