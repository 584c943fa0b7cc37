-- A ladder and a quarter's mix hold ten citizens or more, each on one step, or a reason; everybody has a ladder.
select l.person_id, 'ladder' as what, l.partner_count, l.reason
from partner_ladder l
cross join params p
where (l.partner_count is null) = (l.reason is null)
    or l.partner_count <> l.once + l.two_to_four + l.five_or_more
    or l.partner_count < p.relation_count
    or l.reason not in ('not_observable', 'no_coverage', 'too_few')
    or (l.reason is not null and coalesce(l.once, l.two_to_four, l.five_or_more) is not null)
union all
select p.person_id, 'ladders' as what, count(l.person_id) as partner_count, null as reason
from people p
left join partner_ladder l on l.person_id = p.person_id
group by p.person_id
having count(l.person_id) <> 1
union all
select m.person_id, 'mix' as what, m.new_count + m.warm_count + m.close_count as partner_count, m.reason
from partner_mix m
cross join params p
where (m.new_count is null) = (m.reason is null)
    or (m.new_count is null) <> (m.warm_count is null)
    or (m.new_count is null) <> (m.close_count is null)
    or m.new_count + m.warm_count + m.close_count < p.relation_count
    or least(m.new_count, m.warm_count, m.close_count) < 0
    or m.reason not in ('no_coverage', 'too_short', 'too_few')
union all
select m.person_id, 'mixes' as what, count(*) as partner_count, null as reason
from partner_mix m
group by m.person_id, m.quarter_from_on
having count(*) > 1
