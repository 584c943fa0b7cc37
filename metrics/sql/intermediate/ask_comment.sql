-- ask_comment: what citizens wrote under an ask, and whether an answer to it would have been seen.
-- grain: ask and item
-- columns:
--   person_key: person
--   post_key: the ask
--   item_key: item
--   at: moment of the item (seconds since 1970-01-01, UTC)
--   asker_key: keyed hash of who wrote it
--   root_key: first item of its thread
--   is_counted: on an eligible day, and known on it and on every day an answer may still come
with under as (
    select k.person_key, k.post_key, r.item_key, r.at as at, r.day, r.asker_key, r.root_key
    from ask k
    join received_item r
        on r.person_key = k.person_key and r.parent_key = k.post_key and r.at > k.at
    where k.shows_replies and r.is_citizen and not r.is_abuse and not r.is_spam
    union
    select k.person_key, k.post_key, r.item_key, r.at as at, r.day, r.asker_key, r.root_key
    from ask k
    join received_item r
        on r.person_key = k.person_key and r.root_key = k.post_key and r.at > k.at
    where k.shows_replies and k.is_head and r.is_citizen and not r.is_abuse and not r.is_spam
)
select
    u.person_key,
    u.post_key,
    u.item_key,
    u.at as at,
    u.asker_key,
    u.root_key,
    coalesce(s.is_eligible and c.last_day - u.day >= p.answer_window_days, false) as is_counted
from under u
cross join params p
left join person_segment s
    on s.person_key = u.person_key and u.day between s.first_day and s.last_day
left join person_run c
    on c.person_key = u.person_key and c.kind = 'covered' and u.day between c.first_day and c.last_day
