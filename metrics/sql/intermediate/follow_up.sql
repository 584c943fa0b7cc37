-- follow_up: how long each off-season question was followed, and whether that ended in an answer.
-- grain: item
-- columns:
--   person_key: person
--   item_key: item
--   seconds: time to the first answer, or to the first unknown day
--   known_seconds: time to the first unknown day
--   is_answered: an answer came before that
--   asker_item_count: questions of the same asker here; each weighs one over this
--   asker_key: keyed hash of who asked
select
    q.person_key,
    q.item_key,
    least(coalesce(q.answer_seconds, q.known_seconds), q.known_seconds) as seconds,
    q.known_seconds,
    coalesce(q.answer_seconds <= q.known_seconds, false) as is_answered,
    cast(count(*) over (partition by q.person_key, q.asker_key) as bigint) as asker_item_count,
    q.asker_key
from question_answer q
where q.is_known and q.phase = 'off_season'
