-- asker_block: counted off-season questions of each asker per 4-week block, for resampling.
-- grain: person, asker and block with at least one question
-- columns:
--   person_key: person
--   asker_key: keyed hash of who asked
--   block: number of the 4-week block in the window
--   item_count: questions
--   answered_count: of these, answered in time
select
    q.person_key,
    q.asker_key,
    d.block,
    cast(count(*) as bigint) as item_count,
    cast(sum(case when q.answer_seconds <= p.answer_window_days * 86400 then 1 else 0 end) as bigint) as answered_count
from question_answer q
cross join params p
join days d on d.day = q.day
where q.is_counted and q.phase = 'off_season'
group by q.person_key, q.asker_key, d.block
