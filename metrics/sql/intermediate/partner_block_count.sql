-- partner_block_count: off-season, per 4-week block, citizens that are alike in how many replies they got in it and in all.
-- grain: person, block and the two numbers of replies
-- columns:
--   person_key: person
--   block: number of the 4-week block
--   reply_count: replies to each of these citizens in all
--   block_reply_count: of these, replies in the block
--   partner_count: number of citizens
with met as (
    select t.person_key, d.block, t.partner_key, sum(t.reply_count) as reply_count
    from talk_day t
    join days d on d.day = t.day
    where t.phase = 'off_season'
    group by t.person_key, d.block, t.partner_key
)
select
    m.person_key, m.block, c.off_reply_count as reply_count,
    cast(m.reply_count as integer) as block_reply_count,
    cast(count(*) as bigint) as partner_count
from met m
join citizen_partner c on c.person_key = m.person_key and c.partner_key = m.partner_key
group by m.person_key, m.block, c.off_reply_count, m.reply_count
