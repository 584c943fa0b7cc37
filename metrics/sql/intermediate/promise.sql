-- promise: what a person undertook in replies to citizens on known days, and whether a later reply came back to it.
-- grain: item
-- columns:
--   person_key: person
--   post_key: the promise
--   day: its local day (days since 1970-01-01)
--   partner_key: keyed hash of the citizen
--   is_counted: known on every day a later reply may still come
--   is_followed: a later reply in that thread or to that citizen, in the time that counts
with promised as (
    select
        a.person_key, a.post_key, a.at as at, a.day, a.root_key, a.partner_key,
        c.last_day - a.day >= p.promise_days as is_counted
    from act a
    cross join params p
    join own_account r on r.account_key = a.account_key
    join person_run c
        on c.person_key = a.person_key and c.kind = 'covered'
        and a.day between c.first_day and c.last_day
    where a.promise and a.partner_class = 'citizen' and a.label is not null
        and a.exposed_run is not null and r.shows_replies
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
    m.person_key, m.post_key, m.day, m.partner_key, m.is_counted,
    f.post_key is not null as is_followed
from promised m
left join followed f on f.person_key = m.person_key and f.post_key = m.post_key
