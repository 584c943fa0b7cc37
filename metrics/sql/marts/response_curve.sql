-- response_curve: the share of citizens' questions answered by each day after they were asked, off-season.
-- grain: person and day; none beyond the longest follow-up, none where too few citizens asked
-- columns:
--   person_id: person
--   day: days since the question
--   share: share answered by then, unanswered questions waiting on (Kaplan-Meier, each asker weighing one)
--   low: lower end of the 90 % interval
--   high: upper end of the 90 % interval
select p.person_id, c.day, c.share, c.low, c.high
from stat_curve c
join people p on p.person_key = c.person_key
order by p.person_id, c.day
