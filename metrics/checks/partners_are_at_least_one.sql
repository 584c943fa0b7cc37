-- Different partners are at least one, at most as many as there are, and a return needs a horizon.
select m.person_id, m.metric, m.value, m.numerator, m.denominator
from metric m
where m.metric in ('partners_per_30', 'effective_partners')
    and (m.value < 1 - 1e-9 or m.value > m.numerator + 1e-6 or m.numerator > m.denominator)
union all
select p.person_id, 'return' as metric, null as value, b.returned_count as numerator, b.partner_count as denominator
from return_block b
join people p on p.person_key = b.person_key
where b.returned_count > b.partner_count
