-- follow_through_count: asks that citizens replied to, and those of which a reply was answered.
-- grain: person with at least one such ask
-- columns:
--   person_key: person
--   ask_count: asks with a reply by a citizen, all of whose replies are followed for the answer days
--   answered_count: of these, asks with at least one reply that was answered
--   citizen_count: different citizens who replied to them
with whole as (
    select c.person_key, c.post_key
    from ask_comment c
    group by c.person_key, c.post_key
    having min(case when c.is_counted then 1 else 0 end) = 1
),
counted as (
    select c.*
    from ask_comment c
    join whole w on w.person_key = c.person_key and w.post_key = c.post_key
),
answered as (
    select c.person_key, c.post_key
    from counted c
    cross join params p
    join response r
        on r.person_key = c.person_key and r.root_key = c.root_key and r.partner_key = c.asker_key
    where r.is_answer and r.at > c.at and r.at - c.at <= p.answer_window_days * 86400
    union
    select c.person_key, c.post_key
    from counted c
    cross join params p
    join response r on r.person_key = c.person_key and r.quoted_key = c.item_key
    where r.is_answer and r.at > c.at and r.at - c.at <= p.answer_window_days * 86400
),
answered_sum as (
    select a.person_key, count(*) as answered_count
    from answered a
    group by a.person_key
)
select
    c.person_key,
    cast(count(distinct c.post_key) as bigint) as ask_count,
    cast(coalesce(max(a.answered_count), 0) as bigint) as answered_count,
    cast(count(distinct c.asker_key) as bigint) as citizen_count
from counted c
left join answered_sum a on a.person_key = c.person_key
group by c.person_key
