-- question_count: questions citizens put to a person, whether or not they count yet.
-- grain: person and phase with at least one question
-- columns:
--   person_key: person
--   phase: season, aftermath, off_season or other_season
--   item_count: questions
--   unseen_count: questions on accounts where an answer would not be seen
--   left_out_count: insults, spam and texts that several askers share
with asked as (
    select
        r.person_key, s.phase, r.is_answerable, r.is_question,
        r.is_question and not r.is_spam as is_counted
    from received_item r
    join person_segment s
        on s.person_key = r.person_key and r.day between s.first_day and s.last_day
    where s.is_eligible and r.is_citizen and r.is_asking
)
select
    a.person_key,
    a.phase,
    cast(sum(case when a.is_answerable and a.is_counted then 1 else 0 end) as bigint) as item_count,
    cast(sum(case when not a.is_answerable and a.is_question then 1 else 0 end) as bigint) as unseen_count,
    cast(sum(case when a.is_answerable and not a.is_counted then 1 else 0 end) as bigint) as left_out_count
from asked a
group by a.person_key, a.phase
