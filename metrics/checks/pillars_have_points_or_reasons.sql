-- A pillar has points from 0 to 100 inside its interval, or a reason; everybody has all five.
select p.person_id, p.pillar, p.points, p.low, p.high, p.reason
from pillar p
where (p.points is null) = (p.reason is null) or p.points < 0 or p.points > 100
    or p.low > p.points or p.high < p.points
union all
select p.person_id, 'all' as pillar, count(*) as points, null as low, null as high, null as reason
from pillar p
group by p.person_id
having count(*) <> 5
