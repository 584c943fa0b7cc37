-- question_count: questions a person got, whether or not they count yet.
-- grain: person and phase with at least one question
-- columns:
--   person_key: person
--   phase: season, aftermath or off_season
--   item_count: questions
select q.person_key, q.phase, cast(count(*) as bigint) as item_count
from question q
group by q.person_key, q.phase
