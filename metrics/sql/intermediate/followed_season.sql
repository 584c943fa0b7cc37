-- followed_season: seasons after which a person could be watched as long as a talk may be carried over.
-- grain: person and season
-- columns:
--   person_key: person
--   first_day: first day of the season after the burn-in (days since 1970-01-01)
--   last_day: last day of the season
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
),
season_run as (
    select n.person_key, min(n.first_day) as first_day, max(n.last_day) as last_day
    from numbered n
    group by n.person_key, n.run
)
select
    s.person_key,
    greatest(s.first_day, b.burn_day + 1) as first_day,
    s.last_day
from season_run s
cross join params p
join burn_in b on b.person_key = s.person_key and b.burn_day < s.last_day
join observed_run r
    on r.person_key = s.person_key
    and r.first_day <= s.last_day + 1 and r.last_day >= s.last_day + p.carry_over_days
