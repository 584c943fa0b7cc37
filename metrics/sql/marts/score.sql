-- score: the 365 score, from 0 to 100, and the bands that chance leaves possible.
-- grain: person
-- columns:
--   person_id: person
--   score: geometric mean of the pillars' points, 0 to 100
--   low: 5 % of the draws lie below
--   high: 5 % of the draws lie above
--   pillars: pillars it rests on, joined by +; compare only within the same set
--   p_a: share of the draws in band A (80 and more)
--   p_b: share of the draws in band B (60 to 80)
--   p_c: share of the draws in band C (40 to 60)
--   p_d: share of the draws in band D (20 to 40)
--   p_e: share of the draws in band E (below 20)
--   alternative_low: lowest score under any of the other rules
--   alternative_high: highest score under any of the other rules
--   alternative_keep: share of the other rules that keep the band; null without a band
--   moved_most_by: the other rule that moves the score most
--   band: A to E, two neighbours as A/B, or none where the draws or the other rules do not agree
--   reason: why there is no score
select
    p.person_id, s.score, s.low, s.high, s.pillars,
    s.p_a, s.p_b, s.p_c, s.p_d, s.p_e,
    s.alternative_low, s.alternative_high, s.alternative_keep, s.moved_most_by, s.band, s.reason
from stat_score s
join people p on p.person_key = s.person_key
order by p.person_id
