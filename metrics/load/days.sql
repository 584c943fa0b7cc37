-- The window's days: ISO weeks (Monday first; day 0 was a Thursday) and 4-week blocks from the first.
insert into days by name
select
    cast(d.day as integer) as day,
    cast((d.day + 3) // 7 - (p.start_day + 3) // 7 as integer) as week,
    cast(((d.day + 3) // 7 - (p.start_day + 3) // 7) // 4 as integer) as block,
    month(date '1970-01-01' + cast(d.day as integer)) as month,
    year(date '1970-01-01' + cast(d.day as integer)) as year
from params p
cross join lateral (select unnest(range(p.start_day, p.end_day)) as day) d
order by 1;
