-- One row a day.
select d.person_id, d.on_day, count(*) as n
from day d
group by d.person_id, d.on_day
having count(*) > 1
