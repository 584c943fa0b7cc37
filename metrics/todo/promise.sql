-- promise: what a person undertook in a reply to a citizen, and whether a later reply came back to it.
-- grain: person and item
-- columns:
--   person_key: person
--   post_key: the promise
--   at: its moment (seconds since 1970-01-01, UTC)
--   day: its local day (days since 1970-01-01)
--   partner_key: keyed hash of whom it answers
--   is_followed: a later reply in that thread or to that citizen, in the time that counts
with promised as (
    select a.person_key, a.post_key, a.at as at, a.day, a.root_key, a.partner_key
    from act a
    join own_account r on r.account_key = a.account_key
    where a.promise and a.kind = 'reply' and a.partner_class = 'citizen' and a.label is not null
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
    m.person_key, m.post_key, m.at as at, m.day, m.partner_key,
    f.post_key is not null as is_followed
from promised m
left join followed f on f.person_key = m.person_key and f.post_key = m.post_key
