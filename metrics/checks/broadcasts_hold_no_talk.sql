-- A stretch of broadcasting is long enough, lies in known days, holds no reply to a citizen and overlaps no other.
select b.person_key, b.first_day, b.last_day, b.days
from broadcast b
cross join params p
where b.days < p.quiet_days or b.days <> b.last_day - b.first_day + 1
union all
select b.person_key, b.first_day, b.last_day, b.days
from broadcast b
join talk_day t on t.person_key = b.person_key and t.day between b.first_day and b.last_day
union all
select b.person_key, b.first_day, b.last_day, b.days
from broadcast b
join broadcast o
    on o.person_key = b.person_key and o.first_day <= b.last_day and o.last_day >= b.first_day
    and o.first_day <> b.first_day
union all
select b.person_key, b.first_day, b.last_day, b.days
from broadcast b
left join observed_run r
    on r.person_key = b.person_key and r.first_day <= b.first_day and r.last_day >= b.last_day
where r.person_key is null
