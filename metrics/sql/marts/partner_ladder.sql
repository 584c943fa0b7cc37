-- partner_ladder: with how many citizens a person talked once, again, or on five days and more.
-- grain: person
-- columns:
--   person_id: person
--   once: citizens met on one day; null where they are one to nine, and where fewer than ten were met in all
--   two_to_four: citizens met on two to four days; null as above
--   five_or_more: citizens met on five days or more; null as above
--   partner_count: citizens met; null too where the steps left out are fewer than ten together: the sum would tell
--   reason: why there are no numbers: not_observable, no_coverage or too_few
with met as (
    select
        c.person_key,
        sum(case when c.day_count = 1 then 1 else 0 end) as once,
        sum(case when c.day_count > 1 and c.day_count < 5 then 1 else 0 end) as two_to_four,
        sum(case when c.day_count >= 5 then 1 else 0 end) as five_or_more,
        count(*) as partner_count
    from citizen_partner c
    cross join params p
    group by c.person_key
),
reasoned as (
    select
        t.person_key, m.once, m.two_to_four, m.five_or_more, m.partner_count, p.citizen_count as fewest,
        case when m.once < p.citizen_count then m.once else 0 end
            + case when m.two_to_four < p.citizen_count then m.two_to_four else 0 end
            + case when m.five_or_more < p.citizen_count then m.five_or_more else 0 end as left_out,
        case
            when not t.shows_replies then 'not_observable'
            when t.observed_days = 0 then 'no_coverage'
            when coalesce(m.partner_count, 0) < p.relation_count then 'too_few'
        end as reason
    from person_total t
    cross join params p
    left join met m on m.person_key = t.person_key
)
select
    p.person_id,
    cast(case when r.reason is null and (r.once = 0 or r.once >= r.fewest) then r.once end as bigint) as once,
    cast(case when r.reason is null and (r.two_to_four = 0 or r.two_to_four >= r.fewest)
        then r.two_to_four end as bigint) as two_to_four,
    cast(case when r.reason is null and (r.five_or_more = 0 or r.five_or_more >= r.fewest)
        then r.five_or_more end as bigint) as five_or_more,
    cast(case when r.reason is null and (r.left_out = 0 or r.left_out >= r.fewest)
        then r.partner_count end as bigint) as partner_count,
    r.reason
from reasoned r
join people p on p.person_key = r.person_key
order by p.person_id
