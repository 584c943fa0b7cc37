-- account_heard: the tone of what citizens wrote to each account on days on which that is known.
-- grain: account and phase; only where there is any
-- columns:
--   account_key: account
--   phase: season, aftermath, off_season or other_season
--   text_count: items
--   toned_count: of these, those with a tone
--   tone_sum: sum of their tones, in thousandths
--   tone_squares: sum of the squared tones, in millionths
select
    r.account_key,
    s.phase,
    cast(count(*) as bigint) as text_count,
    cast(count(r.tone_score) as bigint) as toned_count,
    cast(coalesce(sum(r.tone_score), 0) as bigint) as tone_sum,
    cast(coalesce(sum(cast(r.tone_score as bigint) * r.tone_score), 0) as bigint) as tone_squares
from received_item r
join account_segment s
    on s.account_key = r.account_key and r.day between s.first_day and s.last_day
where s.is_heard and r.is_citizen
group by r.account_key, s.phase
