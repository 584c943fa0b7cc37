-- A curve of response times never falls, lies in its interval, and belongs to somebody with enough askers.
select c.person_id, c.day, c.share, c.low, c.high
from response_curve c
left join metric m
    on m.person_id = c.person_id and m.metric = 'answered_within_1d' and m.phase = 'off_season'
where c.share is null or isnan(c.share) or c.low > c.share or c.high < c.share or c.low < 0 or c.high > 1
    or m.reason not in ('too_short') or (c.day >= 1 and m.value is null)
union all
select c.person_id, c.day, c.share, e.share as low, null as high
from response_curve c
join response_curve e on e.person_id = c.person_id and e.day < c.day
where e.share > c.share + 1e-9
