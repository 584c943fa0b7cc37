-- pillar: the pillars of the 365 score, on goalposts that are the same for everybody.
-- grain: person and pillar
-- columns:
--   person_id: person
--   pillar: presence, steadiness, conversation or answering
--   value: what is measured; steadiness: mean logarithm of the bursts, no burst counting as 0
--   points: 0 to 100
--   low: lower end of the 90 % interval, in points
--   high: upper end of the 90 % interval, in points
--   reason: why there are no points
select p.person_id, s.pillar, s.value, s.points, s.low, s.high, s.reason
from stat_pillar s
join people p on p.person_key = s.person_key
order by p.person_id, s.pillar
