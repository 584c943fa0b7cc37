-- question: what citizens asked, whether anything public came back, and the own item it stands under.
-- grain: person and item
-- columns:
--   person_key: person
--   item_key: item
--   at: moment it was asked (seconds since 1970-01-01, UTC)
--   day: local day it was asked (days since 1970-01-01)
--   own_key: the person's own item that it answers, else the one that begins its thread; null: neither
--   is_answered: any public answer came, a redirect too: a list of things to do never accuses
with said as (
    select q.person_key, q.item_key
    from question q
    join response r
        on r.person_key = q.person_key and r.root_key = q.root_key and r.at > q.at
    where r.partner_key is null or r.partner_key = q.asker_key
    union
    select q.person_key, q.item_key
    from question q
    join response r
        on r.person_key = q.person_key and r.quoted_key = q.item_key and r.at > q.at
),
own as (
    select distinct p.person_key, p.post_key
    from posts p
)
select
    q.person_key,
    q.item_key,
    q.at as at,
    q.day,
    coalesce(parent.post_key, head.post_key) as own_key,
    s.item_key is not null as is_answered
from question q
join received_item r on r.person_key = q.person_key and r.item_key = q.item_key
left join own parent on parent.person_key = q.person_key and parent.post_key = r.parent_key
left join own head on head.person_key = q.person_key and head.post_key = q.root_key
left join said s on s.person_key = q.person_key and s.item_key = q.item_key
where q.known_days > 0
