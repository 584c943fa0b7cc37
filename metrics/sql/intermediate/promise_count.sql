-- promise_count: promises to citizens, and those that a later reply came back to.
-- grain: person with at least one such promise
-- columns:
--   person_key: person
--   promise_count: promises on known days, followed for the days a later reply may come
--   followed_count: of these, those with a later reply in the thread or to that citizen
--   citizen_count: different citizens to whom they were made
with promised as (
    select a.person_key, a.post_key, a.at as at, a.root_key, a.partner_key
    from act a
    cross join params p
    join own_account r on r.account_key = a.account_key
    join person_run c
        on c.person_key = a.person_key and c.kind = 'covered'
        and a.day between c.first_day and c.last_day
    where a.promise and a.kind = 'reply' and a.partner_class = 'citizen' and a.label is not null
        and a.exposed_run is not null and r.shows_replies and c.last_day - a.day >= p.promise_days
),
followed as (
    select m.person_key, m.post_key
    from promised m
    cross join params p
    join act a on a.person_key = m.person_key and a.root_key = m.root_key
    where a.kind = 'reply' and a.at - m.at >= p.promise_seconds and a.at - m.at <= p.promise_days * 86400
    union
    select m.person_key, m.post_key
    from promised m
    cross join params p
    join act a on a.person_key = m.person_key and a.partner_key = m.partner_key
    where a.kind = 'reply' and a.at - m.at >= p.promise_seconds and a.at - m.at <= p.promise_days * 86400
)
select
    m.person_key,
    cast(count(*) as bigint) as promise_count,
    cast(count(f.post_key) as bigint) as followed_count,
    cast(count(distinct m.partner_key) as bigint) as citizen_count
from promised m
left join followed f on f.person_key = m.person_key and f.post_key = m.post_key
group by m.person_key
