-- asker_count: askers that are alike in how many of their questions were answered.
-- grain: person, phase and the three counts
-- columns:
--   person_key: person
--   phase: season or off_season
--   item_count: counted questions of each of these askers
--   answered_count: of these, answered in time
--   redirected_count: of these, redirected in time and not answered otherwise
--   asker_count: number of askers
with judged as (
    select
        q.person_key, q.phase, q.asker_key,
        coalesce(q.answer_seconds <= p.answer_window_days * 86400, false) as is_answered,
        coalesce(q.redirect_seconds <= p.answer_window_days * 86400, false)
            and not coalesce(q.word_seconds <= p.answer_window_days * 86400, false) as is_redirected
    from question_answer q
    cross join params p
    where q.is_counted and q.phase in ('season', 'off_season')
),
asker as (
    select
        j.person_key, j.phase, j.asker_key,
        cast(count(*) as bigint) as item_count,
        cast(sum(case when j.is_answered then 1 else 0 end) as bigint) as answered_count,
        cast(sum(case when j.is_redirected then 1 else 0 end) as bigint) as redirected_count
    from judged j
    group by j.person_key, j.phase, j.asker_key
)
select
    a.person_key, a.phase, a.item_count, a.answered_count, a.redirected_count,
    cast(count(*) as bigint) as asker_count
from asker a
group by a.person_key, a.phase, a.item_count, a.answered_count, a.redirected_count
