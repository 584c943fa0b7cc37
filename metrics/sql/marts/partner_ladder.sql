-- partner_ladder: with how many citizens a person talked once, again, or on five days and more.
-- grain: person
-- columns:
--   person_id: person
--   once: citizens met on one day; null where fewer than ten citizens were met in all
--   two_to_four: citizens met on two to four days
--   five_or_more: citizens met on five days or more
--   partner_count: citizens met
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
        t.person_key, m.once, m.two_to_four, m.five_or_more, m.partner_count,
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
    cast(case when r.reason is null then r.once end as bigint) as once,
    cast(case when r.reason is null then r.two_to_four end as bigint) as two_to_four,
    cast(case when r.reason is null then r.five_or_more end as bigint) as five_or_more,
    cast(case when r.reason is null then r.partner_count end as bigint) as partner_count,
    r.reason
from reasoned r
join people p on p.person_key = r.person_key
order by p.person_id
