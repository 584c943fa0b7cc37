-- campaign_talk: citizens a person talked with in the last season that is over, and whether since.
-- grain: person and citizen
-- columns:
--   person_key: person
--   partner_key: keyed hash of the citizen
--   season_first_day: first day of that season (days since 1970-01-01)
--   season_last_day: its last day, inclusive
--   day_count: days in that season on which they talked
--   last_day: day on which they talked last
with ended as (
    select
        s.*,
        row_number() over (partition by s.person_key order by s.last_day desc) as place
    from season_run s
    join person_total t on t.person_key = s.person_key
    where s.last_day < t.last_day
),
met as (
    select
        t.person_key, t.partner_key,
        e.first_day as season_first_day,
        e.last_day as season_last_day,
        cast(sum(case when t.day <= e.last_day then 1 else 0 end) as integer) as day_count,
        max(t.day) as last_day
    from talk_day t
    join ended e on e.person_key = t.person_key and e.place = 1
    where t.day >= e.first_day
    group by t.person_key, t.partner_key, e.first_day, e.last_day
)
select m.*
from met m
where m.day_count > 0
