-- Known days are eligible days, and no metric rests on more of them than there are.
select p.person_id, 'person' as metric, p.eligible_days, p.covered_days
from person p
where p.covered_days > p.eligible_days or p.received_covered_days > p.eligible_days
    or (p.covered_days = 0) <> (p.first_covered_on is null)
union all
select m.person_id, m.metric, p.eligible_days, m.covered_days
from metric m
join person p on p.person_id = m.person_id
where m.metric <> 'cliff' and m.covered_days >
    case when m.metric = 'tone_received' then p.received_covered_days else p.covered_days end
