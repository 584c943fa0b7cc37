-- calendar_month: the window's calendar months.
-- grain: month
-- columns:
--   year: year
--   month: month, 1 to 12
--   first_day: the month's first day inside the window (days since 1970-01-01)
--   last_day: the month's last day inside the window
select d.year, d.month, min(d.day) as first_day, max(d.day) as last_day
from days d
group by d.year, d.month
