-- No day that is unknown or not eligible is in any exposure, spell or active day.
select s.person_key, 'stream' as what, s.first_day, s.last_day
from stream_segment s
join person_segment p
    on p.person_key = s.person_key and p.first_day <= s.last_day and p.last_day >= s.first_day
where not p.is_exposed
union all
select s.person_key, 'spell' as what, s.first_day, s.last_day
from silence s
join person_segment p
    on p.person_key = s.person_key and p.first_day <= s.last_day and p.last_day >= s.first_day
where not p.is_exposed
union all
select a.person_key, 'active day' as what, a.day as first_day, a.day as last_day
from active_day a
join person_segment p
    on p.person_key = a.person_key and a.day between p.first_day and p.last_day
where not p.is_exposed
