-- exposed_block: 4-week blocks, cut by phase, in which a person has days that count: what is resampled.
-- grain: person, block and phase (season or off_season)
-- columns:
--   person_key: person
--   block: number of the 4-week block in the window
--   phase: season or off_season
with block_bound as (
    select w.block, min(w.first_day) as first_day, max(w.last_day) as last_day
    from week w
    group by w.block
)
select distinct s.person_key, b.block, s.phase
from person_segment s
join block_bound b on b.first_day <= s.last_day and b.last_day >= s.first_day
where s.is_exposed and s.phase in ('season', 'off_season')
