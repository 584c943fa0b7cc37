-- known_month: calendar months of which enough days are known to count.
-- grain: person and month
-- columns:
--   person_key: person
--   year: year
--   month: month, 1 to 12
--   first_day: first day of the month in the window (days since 1970-01-01)
select s.person_key, m.year, m.month, m.first_day
from person_segment s
cross join params p
join calendar_month m on m.first_day <= s.last_day and m.last_day >= s.first_day
where s.is_exposed
group by s.person_key, m.year, m.month, m.first_day, p.month_days
having sum(least(s.last_day, m.last_day) - greatest(s.first_day, m.first_day) + 1) >= p.month_days
