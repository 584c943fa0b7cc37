-- Nowhere does a number count one to nine citizens, nor do two numbers give such a count away.
select m.person_id, m.metric as what, m.numerator, m.denominator
from metric m
cross join params p
where (m.metric in ('return', 'carry_over', 'relation_days')
        and (m.denominator between 1 and p.citizen_count - 1
            or (m.denominator is null and m.numerator is not null)))
    or ((m.metric = 'effective_partners' or m.metric like 'partners_per_%')
        and m.numerator between 1 and p.citizen_count - 1)
    or (m.metric in ('answer_rate', 'redirect_rate', 'response_median_days')
        and m.effective_n < least(p.citizen_count, p.asker_count))
    or (m.metric in ('return', 'carry_over') and m.effective_n < least(p.citizen_count, p.relation_count))
union all
select l.person_id, 'ladder' as what, l.partner_count as numerator, null as denominator
from partner_ladder l
cross join params p
where l.once between 1 and p.citizen_count - 1
    or l.two_to_four between 1 and p.citizen_count - 1
    or l.five_or_more between 1 and p.citizen_count - 1
    or l.partner_count < p.citizen_count
    or l.partner_count - coalesce(l.once, 0) - coalesce(l.two_to_four, 0) - coalesce(l.five_or_more, 0)
        between 1 and p.citizen_count - 1
union all
select m.person_id, 'mix' as what, null as numerator, null as denominator
from partner_mix m
cross join params p
where m.new_count between 1 and p.citizen_count - 1
    or m.warm_count between 1 and p.citizen_count - 1
    or m.close_count between 1 and p.citizen_count - 1
union all
select t.person_id, t.topic as what, t.raised_count as numerator, t.raised_askers as denominator
from topic_share t
cross join params p
where t.raised_askers < p.citizen_count
    or (t.raised_askers is null and (t.raised_count is not null or t.raised_share is not null))
union all
select t.person_id, t.topic as what, t.asker_count as numerator, null as denominator
from topic_raised t
cross join params p
where t.asker_count < p.citizen_count
union all
select f.office as person_id, 'funnel' as what, f.n as numerator, null as denominator
from funnel f
cross join params p
where f.n < least(p.citizen_count, p.asker_count)
