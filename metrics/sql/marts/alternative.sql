-- alternative: the score under every other rule that can be defended.
-- grain: person with a score and rule; the headline is one of them
-- columns:
--   person_id: person
--   choice: what is chosen otherwise; headline: nothing
--   value: how it is chosen
--   score: score under this rule, 0 to 100
--   band: band in which that score lies
--   is_headline: the rule of this copy
--   reason: other_pillars where the score would rest on other pillars and cannot be compared
select
    p.person_id, a.choice, a.value, a.score, a.band, a.choice = 'headline' as is_headline, a.reason
from stat_alternative a
join people p on p.person_key = a.person_key
order by p.person_key, a.choice, a.value
