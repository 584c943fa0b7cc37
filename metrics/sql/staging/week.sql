-- week: the window's ISO weeks.
-- grain: week
-- columns:
--   week: number of the ISO week, counted from the window's first
--   block: number of the 4-week block, counted from the window's first
--   first_day: the week's first day inside the window (days since 1970-01-01)
--   last_day: the week's last day inside the window
select d.week, d.block, min(d.day) as first_day, max(d.day) as last_day
from days d
group by d.week, d.block
