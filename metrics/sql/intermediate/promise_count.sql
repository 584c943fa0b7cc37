-- promise_count: promises to citizens, and those that a later reply came back to.
-- grain: person with at least one such promise
-- columns:
--   person_key: person
--   promise_count: promises on known days, followed for the days a later reply may come
--   followed_count: of these, those with a later reply in the thread or to that citizen
--   citizen_count: different citizens to whom they were made
select
    m.person_key,
    cast(count(*) as bigint) as promise_count,
    cast(sum(case when m.is_followed then 1 else 0 end) as bigint) as followed_count,
    cast(count(distinct m.partner_key) as bigint) as citizen_count
from promise m
where m.is_counted
group by m.person_key
