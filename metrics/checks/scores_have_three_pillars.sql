-- A score lies in its interval, rests on three pillars or more with presence among them, or has a reason.
select s.person_id, s.score, s.low, s.high, s.pillars, s.reason
from score s
where (s.score is null) = (s.reason is null)
    or s.score < 0 or s.score > 100 or s.low > s.score or s.high < s.score
    or (s.score is not null and (
        s.pillars not like 'presence+%+%'
        or (s.pillars not like '%conversation%' and s.pillars not like '%answering%')
        or abs(s.p_a + s.p_b + s.p_c + s.p_d + s.p_e - 1) > 1e-6))
    or (s.score is null and s.band <> 'none')
