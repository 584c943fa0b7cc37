-- question_answer: questions with the first answer and the first redirect that came.
-- grain: item
-- columns:
--   person_key: person
--   item_key: item
--   asker_key: keyed hash of who asked
--   day: local day of the question (days since 1970-01-01)
--   phase: season, aftermath, off_season or other_season, by the item's own day
--   is_counted: known on the item's day and on every day an answer may still come
--   is_known: known on the item's own day
--   answer_seconds: from the question to the first answer; null: none
--   redirect_seconds: from the question to the first redirect; null: none
--   word_seconds: from the question to the first answer that is no redirect; null: none
--   known_seconds: from the question to the first unknown day
with matched as (
    select q.person_key, q.item_key, r.at - q.at as seconds, r.is_redirect, r.is_answer
    from question q
    join response r
        on r.person_key = q.person_key and r.root_key = q.root_key
        and r.partner_key = q.asker_key and r.at > q.at
    union all
    select q.person_key, q.item_key, r.at - q.at as seconds, r.is_redirect, r.is_answer
    from question q
    join response r
        on r.person_key = q.person_key and r.quoted_key = q.item_key and r.at > q.at
),
first_match as (
    select
        m.person_key, m.item_key,
        min(case when m.is_answer then m.seconds end) as answer_seconds,
        min(case when m.is_redirect then m.seconds end) as redirect_seconds,
        min(case when not m.is_redirect then m.seconds end) as word_seconds
    from matched m
    group by m.person_key, m.item_key
)
select
    q.person_key,
    q.item_key,
    q.asker_key,
    q.day,
    q.phase,
    q.is_counted,
    q.known_days > 0 as is_known,
    f.answer_seconds,
    f.redirect_seconds,
    f.word_seconds,
    greatest(cast(q.day + q.known_days as bigint) * 86400 - q.at, 0) as known_seconds
from question q
left join first_match f on f.person_key = q.person_key and f.item_key = q.item_key
