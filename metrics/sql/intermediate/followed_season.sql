-- followed_season: seasons after which a person could be watched as long as a talk may be carried over.
-- grain: person and season
-- columns:
--   person_key: person
--   first_day: first day of the season after the burn-in (days since 1970-01-01)
--   last_day: last day of the season
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
