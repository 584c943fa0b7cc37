-- Posts whose beginning also stands on another account of the same person, in time order.
with countable as (
    select o.person_key, o.account_key, o.post_key, o.merge_key, o.moment
    from observed o
    join accounts a using (account_key)
    left join late l on l.account_key = o.account_key and l.post_key = o.post_key
    where o.kind = 'post' and o.merge_key is not null and o.day between a.first_day and a.last_day
        and a.run_by in ('self', 'office') and not o.is_early and l.post_key is null
),
shared as (
    select person_key, merge_key
    from countable
    group by person_key, merge_key
    having count(distinct account_key) > 1
)
select
    dense_rank() over (order by c.person_key, c.merge_key) as cluster,
    c.account_key, c.post_key, c.moment
from countable c
semi join shared using (person_key, merge_key)
order by cluster, c.moment, c.account_key, c.post_key;
