-- question_count: questions citizens put to a person, whether or not they count yet.
-- grain: person and phase with at least one question
-- columns:
--   person_key: person
--   phase: season, aftermath or off_season
--   item_count: questions
--   left_out_count: insults, spam and texts that several askers share
select
    r.person_key,
    s.phase,
    cast(sum(case when r.is_question and not r.is_spam then 1 else 0 end) as bigint) as item_count,
    cast(sum(case when r.is_question and not r.is_spam then 0 else 1 end) as bigint) as left_out_count
from received_item r
join person_segment s
    on s.person_key = r.person_key and r.day between s.first_day and s.last_day
where s.is_eligible and r.is_answerable and r.is_citizen and r.is_asking
group by r.person_key, s.phase
