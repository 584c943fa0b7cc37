-- heard_tone: the tone of what citizens wrote to a person on days on which what is received is known.
-- grain: person and phase; only where there is any
-- columns:
--   person_key: person
--   phase: season, aftermath, off_season or other_season
--   text_count: items
--   toned_count: of these, those with a tone
--   tone_sum: sum of their tones, in thousandths
--   tone_squares: sum of the squared tones, in millionths
select
    r.person_key,
    s.phase,
    cast(count(*) as bigint) as text_count,
    cast(count(r.tone_score) as bigint) as toned_count,
    cast(coalesce(sum(r.tone_score), 0) as bigint) as tone_sum,
    cast(coalesce(sum(cast(r.tone_score as bigint) * r.tone_score), 0) as bigint) as tone_squares
from received_item r
join person_segment s
    on s.person_key = r.person_key and r.day between s.first_day and s.last_day
where s.is_eligible and s.is_received_covered and r.is_citizen
group by r.person_key, s.phase
