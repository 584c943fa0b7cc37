-- conversation_block: conversation off-season per 4-week block, for resampling.
-- grain: person and block with at least one own act
-- columns:
--   person_key: person
--   block: number of the 4-week block in the window
--   act_count: own acts, replies capped per thread and day
--   citizen_count: replies to citizens, capped
select
    t.person_key,
    d.block,
    cast(sum(t.act_count) as bigint) as act_count,
    cast(sum(t.citizen_count) as bigint) as citizen_count
from thread_part t
join days d on d.day = t.day
where t.phase = 'off_season'
group by t.person_key, d.block
