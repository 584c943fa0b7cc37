-- A person's stretches of days cover the window exactly once.
select s.person_key, sum(s.last_day - s.first_day + 1) as days, min(s.first_day) as first_day,
    max(s.last_day) as last_day
from person_segment s
cross join params p
group by s.person_key, p.start_day, p.end_day
having sum(s.last_day - s.first_day + 1) <> p.end_day - p.start_day
    or min(s.first_day) <> p.start_day or max(s.last_day) <> p.end_day - 1
