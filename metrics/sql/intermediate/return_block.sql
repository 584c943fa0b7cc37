-- return_block: citizens who could be met again, by the 4-week block of the first meeting, for resampling.
-- grain: person, block and phase with at least one citizen
-- columns:
--   person_key: person
--   block: number of the 4-week block in the window
--   phase: season, aftermath, off_season or other_season
--   partner_count: citizens
--   returned_count: of these, met again
select
    r.person_key, d.block, r.phase,
    cast(count(*) as bigint) as partner_count,
    cast(sum(case when r.is_returned then 1 else 0 end) as bigint) as returned_count
from partner_return r
join days d on d.day = r.first_day
group by r.person_key, d.block, r.phase
