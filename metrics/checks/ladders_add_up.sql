-- A ladder's steps add up to ten citizens or more, or have a reason; everybody has a ladder, a quarter one mix.
select l.person_id, 'ladder' as what, l.partner_count, l.reason
from partner_ladder l
cross join params p
where l.partner_count <> l.once + l.two_to_four + l.five_or_more
    or l.partner_count < p.relation_count
    or l.reason not in ('not_observable', 'no_coverage', 'too_few')
    or (l.reason is not null and coalesce(l.once, l.two_to_four, l.five_or_more, l.partner_count) is not null)
    or (l.reason is null and l.partner_count is null and l.once is not null
        and l.two_to_four is not null and l.five_or_more is not null)
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
where (m.reason is not null and coalesce(m.new_count, m.warm_count, m.close_count) is not null)
    or m.new_count + m.warm_count + m.close_count < p.relation_count
    or least(m.new_count, m.warm_count, m.close_count) < 0
    or m.reason not in ('no_coverage', 'too_short', 'too_few')
union all
select m.person_id, 'reason' as what, null as partner_count, m.reason
from partner_mix m
join people p on p.person_id = m.person_id
left join quarter_mix q on q.person_key = p.person_key and q.from_on = m.quarter_from_on
where coalesce(q.reason, 'none') <> coalesce(m.reason, 'none')
union all
select m.person_id, 'mixes' as what, count(*) as partner_count, null as reason
from partner_mix m
group by m.person_id, m.quarter_from_on
having count(*) > 1
