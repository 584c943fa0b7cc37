-- Spells hold no own act, do not overlap, and have the length and level they say.
select s.person_id, s.from_on, s.to_on, s.days, s.level
from spell s
join day d on d.person_id = s.person_id and d.on_day between s.from_on and s.to_on
where d.own_acts > 0
union all
select s.person_id, s.from_on, s.to_on, s.days, s.level
from spell s
join spell o
    on o.person_id = s.person_id and o.from_on <= s.to_on and o.to_on >= s.from_on
    and o.from_on <> s.from_on
union all
select s.person_id, s.from_on, s.to_on, s.days, s.level
from spell s
cross join params p
where s.from_on + s.days <> s.to_on + 1 or s.days < p.quiet_days
    or (s.level = 'quiet') <> (s.days < p.asleep_days)
    or (s.level = 'abandoned') <> (s.days >= p.abandoned_days)
