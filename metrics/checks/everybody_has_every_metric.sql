-- Every person has every metric in every phase it is published for, once.
with kind as (
    select distinct m.metric, m.phase from metric m
),
counted as (
    select m.person_id, m.metric, m.phase, count(*) as n
    from metric m
    group by m.person_id, m.metric, m.phase
)
select p.person_id, k.metric, k.phase, coalesce(c.n, 0) as n
from people p
cross join kind k
left join counted c
    on c.person_id = p.person_id and c.metric = k.metric and c.phase = k.phase
where coalesce(c.n, 0) <> 1
