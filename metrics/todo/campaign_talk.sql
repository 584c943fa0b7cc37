-- campaign_talk: citizens a person talked with in the last season that is over, and whether since.
-- grain: person and citizen
-- columns:
--   person_key: person
--   partner_key: keyed hash of the citizen
--   season_first_day: first day of that season (days since 1970-01-01)
--   season_last_day: its last day, inclusive
--   day_count: days in that season on which they talked
--   last_day: day on which they talked last
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
),
ended as (
    select
        r.*,
        row_number() over (partition by r.person_key order by r.last_day desc) as place
    from season_run r
    join person_total t on t.person_key = r.person_key
    where r.last_day < t.last_day
),
met as (
    select
        t.person_key, t.partner_key, e.first_day, e.last_day,
        cast(sum(case when t.day <= e.last_day then 1 else 0 end) as integer) as day_count,
        max(t.day) as talked_day
    from talk_day t
    join ended e on e.person_key = t.person_key and e.place = 1
    where t.day >= e.first_day
    group by t.person_key, t.partner_key, e.first_day, e.last_day
)
select
    m.person_key, m.partner_key,
    m.first_day as season_first_day,
    m.last_day as season_last_day,
    m.day_count,
    m.talked_day as last_day
from met m
where m.day_count > 0
